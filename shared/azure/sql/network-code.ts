import { NetworkCode, type SqlAnswer } from "../../domain/observation.ts";

/** What OpenSSL and Node say of a certificate or of bytes that are no TLS: somebody answered, of whatever trust. */
const TLS = new RegExp(
  [
    "^ERR_(?:TLS|SSL|OSSL)_",
    "^(?:CERT|CRL)_",
    "^ERROR_IN_(?:CERT|CRL)_",
    "^UNABLE_TO_",
    "^SELF_SIGNED_",
    "^DEPTH_ZERO_",
    "^(?:HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|UNSPECIFIED|EPROTO)$",
  ].join("|"),
);

/** Whether a code shows that a server answered in TLS, or where TLS was spoken to it. */
export function isTlsCode(code: string): boolean {
  return TLS.test(code);
}

/** A connection that was cut or never made, by a code that we know or one that we do not. */
export function cutBy(said: string): Extract<SqlAnswer, { kind: "unreachable" }> {
  if (isTlsCode(said)) return { kind: "unreachable", code: "tls", said };
  return { kind: "unreachable", code: NetworkCode.safeParse(said).data ?? "other", said };
}
