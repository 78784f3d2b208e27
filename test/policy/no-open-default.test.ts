// What we have never seen never convicts, never clears a veto, and lets nothing act (I19).

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { failedStep, type Phase } from "../../shared/azure/sql/failed-step.ts";
import { readDatabaseStates } from "../../shared/azure/sql/read-rows.ts";
import type { SqlAnswer, SqlLook } from "../../shared/domain/observation.ts";
import { decide } from "../../shared/policy/decide.ts";
import { NETWORK_ROWS, SQL_ROWS } from "../../shared/policy/evidence/classify-sql.ts";
import { judgeLook } from "../../shared/policy/evidence/judge-look.ts";
import { nameSecondary } from "../../shared/policy/evidence/name-secondary.ts";
import { facts, look, policy, STILL_FRESH } from "../support/facts.ts";

const ok: SqlAnswer = { kind: "ok", latencyMs: 20 };
const no: SqlAnswer = { kind: "not-asked" };
const reached = { referenceReached: "ok", stoodStill: false } as const;
const judge = (change: Partial<SqlLook>) =>
  judgeLook({ login: ok, write: ok, master: no, databases: null, ...change }, reached);

/** Codes that Node, OpenSSL and undici give, beside those that nobody has thought of yet. */
const TLS = [
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_CRL",
  "UNABLE_TO_DECRYPT_CERT_SIGNATURE",
  "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REVOKED",
  "CERT_UNTRUSTED",
  "CERT_REJECTED",
  "CERT_CHAIN_TOO_LONG",
  "CERT_SIGNATURE_FAILURE",
  "CRL_HAS_EXPIRED",
  "CRL_NOT_YET_VALID",
  "CRL_SIGNATURE_FAILURE",
  "ERROR_IN_CERT_NOT_AFTER_FIELD",
  "ERROR_IN_CRL_NEXT_UPDATE_FIELD",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "PATH_LENGTH_EXCEEDED",
  "HOSTNAME_MISMATCH",
  "UNSPECIFIED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "ERR_TLS_CERT_ALTNAME_FORMAT",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
  "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
  "ERR_OSSL_X509_CERT_ALREADY_IN_HASH_TABLE",
  "EPROTO",
  "EENCRYPT",
];
const UNKNOWN = ["EMFILE", "ENOBUFS", "EADDRNOTAVAIL", "ENETDOWN", "EACCES", "EPERM", "ENOPROTOOPT"]
  .concat(["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_SOCKET", "EAI_SERVICE", "ECONNNEW", "EINVALIDSTATE"])
  .concat(["ERR_SOCKET_BAD_PORT", "ESOCKET"]);

const listed = new Set([...SQL_ROWS, ...NETWORK_ROWS].map(({ code }) => code));
const anyCode = fc.oneof(
  fc.constantFrom(...UNKNOWN, ...TLS),
  fc.stringMatching(/^[A-Z][A-Z0-9_]{1,40}$/),
);
const anyPhase = fc.constantFrom<Phase>("connect", "login", "query");
const withCode = (code: string) => Object.assign(new Error("x"), { code });
/** As tedious, Node and undici wrap what they were told. */
const wrapped = (code: string): unknown[] => [
  withCode(code),
  Object.assign(new Error("x", { cause: withCode(code) }), { code: "ESOCKET" }),
  Object.assign(new Error("x", { cause: new AggregateError([withCode(code)]) }), {
    code: "ESOCKET",
  }),
];
const anyNumber = fc.integer({ min: 1, max: 2 ** 31 - 1 }).filter((n) => !listed.has(String(n)));

describe("what no table has", () => {
  test("ends no login in a vote down, whatever the code and however it is wrapped", () => {
    fc.assert(
      fc.property(anyCode, anyPhase, (code, phase) => {
        fc.pre(!listed.has(code) || UNKNOWN.includes(code) || TLS.includes(code));
        for (const error of wrapped(code)) {
          const login = failedStep(error, phase, null);
          const { result } = judge({ login, write: no });
          expect(["alive", "blind"], `${code} while ${phase}`).toContain(result);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("ends no write in a vote down", () => {
    fc.assert(
      fc.property(anyCode, (code) => {
        fc.pre(!listed.has(code) || UNKNOWN.includes(code) || TLS.includes(code));
        for (const error of wrapped(code)) {
          const { result } = judge({ write: failedStep(error, "query", null) });
          expect(["alive", "blind"], code).toContain(result);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test.each(TLS)("shows that a server spoke, and vetoes: %s", (code) => {
    for (const error of wrapped(code)) {
      expect(judge({ login: failedStep(error, "login", null), write: no })).toMatchObject({
        result: "alive",
        code,
      });
    }
  });

  test.each(UNKNOWN)("is blindness where it is a code of the network: %s", (code) =>
    expect(judge({ login: failedStep(withCode(code), "connect", null), write: no }).result).toBe(
      "blind",
    ),
  );

  test.each(["econnnew", "connect: no such luck", "X".repeat(500), "\u0000", 42, {}])(
    "is blindness also in a form that no code has: %j",
    (code) => {
      for (const phase of ["connect", "login", "query"] as const) {
        const login = failedStep(Object.assign(new Error("x"), { code }), phase, null);
        expect(judge({ login, write: no }).result).toBe("blind");
      }
    },
  );

  test("an error without any code shows nothing against a server", () => {
    for (const phase of ["connect", "login", "query"] as const) {
      const bare = failedStep(Object.assign(new Error("x"), { code: "ESOCKET" }), phase, null);
      expect(["alive", "blind"]).toContain(judge({ login: bare, write: no }).result);
      expect(["alive", "blind"]).toContain(judge({ write: bare }).result);
    }
  });

  test("is life where a server sent it as a number, at login and at the write", () => {
    fc.assert(
      fc.property(anyNumber, (number) => {
        const error = { kind: "error", number, code: "EREQUEST" } as const;
        expect(judge({ login: error, write: no, master: error }).result).toBe("alive");
        expect(judge({ write: error, master: error }).result).toBe("alive");
      }),
    );
  });

  test("makes no database a lost one", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (word) => {
        fc.pre(!LOST.includes(word.toUpperCase()));
        const databases = readDatabaseStates([["orders", word]]);
        expect(judge({ databases }).failedDatabases).toEqual([]);
      }),
    );
    for (const word of LOST) {
      const databases = readDatabaseStates([["orders", word]]);
      expect(judge({ databases }).failedDatabases).toEqual(["orders"]);
    }
  });

  test("does not show that the secondary could take over", () => {
    fc.assert(
      fc.property(anyNumber, (number) => {
        expect(nameSecondary({ because: "error", number, said: "ELOGIN" })).toBe("unknown");
      }),
    );
    expect(nameSecondary({ because: "error", number: 18456, said: "ELOGIN" })).toBe("answers");
    expect(nameSecondary({ because: "error", number: 9001, said: "EREQUEST" })).toBe("silent");
  });

  test("lets nothing act, whoever sees it and whatever else is clear", () => {
    fc.assert(
      fc.property(anyCode, anyPhase, fc.boolean(), (code, phase, atWrite) => {
        fc.pre(!listed.has(code) || UNKNOWN.includes(code) || TLS.includes(code));
        const answer = failedStep(wrapped(code)[1], phase, null);
        const seen = judge(atWrite ? { write: answer } : { login: answer, write: no });
        const looks = policy().vantages.map(({ name }) =>
          look(name, { ...seen, startedAt: STILL_FRESH, endedAt: STILL_FRESH }),
        );
        expect(decide(facts({ looks }), policy()).decision.verdict).not.toBe("fail-over");
      }),
    );
  });
});

const LOST = ["RECOVERING", "RECOVERY_PENDING", "SUSPECT", "EMERGENCY", "OFFLINE"].concat([
  "OFFLINE_SECONDARY",
]);
