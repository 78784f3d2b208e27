import { generateKeyPairSync, sign } from "node:crypto";

/** What a server shows and what a client trusts. Made anew at every start: no key lies in any file. */
export interface Certificate {
  readonly keyPem: string;
  readonly certificatePem: string;
}

const TAG = { whole: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, text: 0x0c, time: 0x17 };
const [SEQUENCE, SET] = [0x30, 0x31];
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const DNS_NAME = 0x82;

const ECDSA_WITH_SHA256 = "2a8648ce3d040302";
const COMMON_NAME = "550403";
const ALTERNATIVE_NAMES = "551d11";
/** Of no date in particular: what is simulated has no birthday. */
const VALID = ["000101000000Z", "491231235959Z"] as const;

/** A self-signed certificate for these names. */
export function createCertificate(names: readonly string[]): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const algorithm = der(SEQUENCE, oid(ECDSA_WITH_SHA256));
  const spki = publicKey.export({ type: "spki", format: "der" });
  // Who trusts several of them finds each by its name.
  const named = der(TAG.text, `simulated ${spki.subarray(-8).toString("hex")}`);
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, oid(COMMON_NAME), named)));
  const alternatives = der(SEQUENCE, ...names.map((each) => der(DNS_NAME, each)));
  const toBeSigned = der(
    SEQUENCE,
    der(VERSION, der(TAG.whole, Buffer.of(2))),
    der(TAG.whole, Buffer.of(1)),
    algorithm,
    name,
    der(SEQUENCE, ...VALID.map((time) => der(TAG.time, time))),
    name,
    spki,
    der(
      EXTENSIONS,
      der(SEQUENCE, der(SEQUENCE, oid(ALTERNATIVE_NAMES), der(TAG.octets, alternatives))),
    ),
  );
  const signature = sign("sha256", toBeSigned, privateKey);
  const whole = der(
    SEQUENCE,
    toBeSigned,
    algorithm,
    der(TAG.bits, Buffer.concat([Buffer.of(0), signature])),
  );
  return {
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificatePem: pem(whole),
  };
}

function oid(hex: string): Buffer {
  return der(TAG.oid, Buffer.from(hex, "hex"));
}

function der(tag: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const { length } = body;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), body]);
  const size =
    length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
  return Buffer.concat([Buffer.of(tag), size, body]);
}

function pem(whole: Buffer): string {
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
