// Codes, numbers and words of the outside that no table of ours has.

import { constants } from "node:os";
import fc from "fast-check";
import { CLIENT_CODES } from "../../shared/azure/sql/failed-step.ts";
import { NetworkCode } from "../../shared/domain/observation.ts";
import { SQL_ROWS } from "../../shared/policy/evidence/classify-sql.ts";

/** Codes of undici, OpenSSL, c-ares, Node and the certificates' checks, as far as their lists went when this was written. */
const SEEN_ELSEWHERE = [
  ...["UND_ERR_SOCKET", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "UND_ERR_ABORTED"],
  ...["UND_ERR_DESTROYED", "UND_ERR_CLOSED", "UND_ERR_RESPONSE_EXCEEDED_SIZE", "UND_ERR_PRX_TLS"],
  ...["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_BAD_EXTENSION"],
  ...[
    "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
    "ERR_OSSL_EVP_UNSUPPORTED",
    "ERR_TLS_CERT_ALTNAME_INVALID",
  ],
  ...["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "CERT_HAS_EXPIRED"],
  ...[
    "CERT_NOT_YET_VALID",
    "CERT_REVOKED",
    "CERT_UNTRUSTED",
    "CERT_CHAIN_TOO_LONG",
    "CRL_HAS_EXPIRED",
  ],
  ...[
    "SELF_SIGNED_CERT_IN_CHAIN",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "HOSTNAME_MISMATCH",
    "INVALID_CA",
  ],
  ...["ERROR_IN_CERT_NOT_BEFORE_FIELD", "INVALID_PURPOSE", "PATH_LENGTH_EXCEEDED", "EPROTO"],
  ...[
    "ENODATA",
    "EFORMERR",
    "ENOTIMP",
    "EREFUSED",
    "EBADQUERY",
    "EBADNAME",
    "EBADRESP",
    "EDESTRUCTION",
  ],
  ...["EAI_BADFLAGS", "EAI_FAMILY", "EAI_SERVICE", "EAI_SYSTEM", "EAI_MEMORY", "ENONAME"],
  ...[
    "ERR_SOCKET_CLOSED",
    "ERR_SOCKET_CONNECTION_TIMEOUT",
    "ERR_STREAM_PREMATURE_CLOSE",
    "ERR_INVALID_ARG_TYPE",
  ],
  ...[
    "ESOCKET",
    "EINSTLOOKUP",
    "ECANCEL",
    "EINVALIDSTATE",
    "ENOTBEGUN",
    "EABORT",
    "HPE_INVALID_CONSTANT",
  ],
] as const;

const LISTED: ReadonlySet<string> = new Set([...NetworkCode.options, ...CLIENT_CODES]);

/** A code of the network that has no row: those of other people's lists and of this system, and made-up ones. */
export const unlistedCode: fc.Arbitrary<string> = fc
  .oneof(
    fc.constantFrom(...SEEN_ELSEWHERE, ...Object.keys(constants.errno)),
    fc.stringMatching(/^[A-Z][A-Z0-9_]{1,30}$/),
    fc.string({ minLength: 1, maxLength: 40 }),
  )
  .filter((code) => !LISTED.has(code));

const LISTED_NUMBERS: ReadonlySet<number> = new Set(SQL_ROWS.map(({ code }) => Number(code)));

/** A number of SQL Server that has no row. */
export const unlistedNumber: fc.Arbitrary<number> = fc
  .oneof(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: -1, max: 2 ** 31 - 1 }))
  .filter((number) => !LISTED_NUMBERS.has(number));

/** A word that is none of these, in whatever case and spelling. */
export function unlistedWord(...known: readonly string[]): fc.Arbitrary<string> {
  const spelled = new Set(known.map(spelling));
  return fc
    .oneof(
      fc.stringMatching(/^[A-Z][a-zA-Z]{2,20}$/),
      fc.constantFrom(...known).map((word) => `${word}Pending`),
      fc.constantFrom(...known).map((word) => `Not ${word}`),
      fc.constantFrom(
        "🙂",
        "(none)",
        "Ready (degraded)",
        "-",
        "0",
        "null",
        "Unbekannt!",
        "x".repeat(300),
      ),
      fc.string({ minLength: 1, maxLength: 30 }),
    )
    .filter((word) => !spelled.has(spelling(word)) && word.trim() !== "");
}

/** A value in a shape that no word has. */
export const noWord: fc.Arbitrary<unknown> = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.constant({ value: "Ready" }),
  fc.constant(["Ready"]),
);

function spelling(word: string): string {
  return word.toLowerCase().replaceAll(/[\s_-]/g, "");
}
