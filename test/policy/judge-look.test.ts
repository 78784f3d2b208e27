import { describe, expect, test } from "vitest";
import type { LookResult, SqlAnswer, SqlLook } from "../../shared/domain/observation.ts";
import { NETWORK_ROWS, SQL_ROWS } from "../../shared/policy/evidence/classify-sql.ts";
import { judgeLook, trustedResult } from "../../shared/policy/evidence/judge-look.ts";
import recorded from "../recorded/sql-messages.json" with { type: "json" };

const ok: SqlAnswer = { kind: "ok", latencyMs: 20 };
const no: SqlAnswer = { kind: "not-asked" };
const error = (number: number | null): SqlAnswer => ({ kind: "error", number, code: "EREQUEST" });
const timeout = (phase: "connect" | "login" | "query"): SqlAnswer => ({ kind: "timeout", phase });
const cut: SqlAnswer = { kind: "unreachable", code: "ECONNRESET", said: "ECONNRESET" };
const odd: SqlAnswer = { kind: "unreachable", code: "other", said: "ENEW" };
const reached = { referenceReached: "ok", stoodStill: false } as const;

function sql(change: Partial<SqlLook> = {}): SqlLook {
  const databases: SqlLook["databases"] = [{ name: "orders", state: "online" }];
  return { login: ok, write: ok, master: no, databases, ...change };
}

const refused = (login: SqlAnswer, master: SqlAnswer = no) =>
  sql({ login, write: no, master, databases: null });

const CASES: [string, SqlLook, LookResult, string, string[]][] = [
  ["a committed write", sql(), "writes", "ok", []],
  ["a slow write that ended", sql({ write: { kind: "ok", latencyMs: 7_900 } }), "writes", "ok", []],
  ["a login where there is no canary", sql({ write: no }), "alive", "no-canary", []],
  [
    "a login, and a write that hangs",
    sql({ write: timeout("query") }),
    "not-serving",
    "write-timed-out",
    [],
  ],
  ["a login, and a write that is cut", sql({ write: cut }), "not-serving", "write-cut", []],
  [
    "a login, and a write that the server says was cut",
    sql({ write: error(10054) }),
    "not-serving",
    "write-cut",
    [],
  ],
  ["a login, and a write into a lock", sql({ write: error(1222) }), "alive", "1222", []],
  ["a login, and a full log", sql({ write: error(9002) }), "alive", "9002", []],
  ["a login, and no canary table", sql({ write: error(208) }), "alive", "208", []],
  [
    "a login, and a write of failed storage",
    sql({ write: error(9001) }),
    "not-serving",
    "9001",
    [],
  ],
  [
    "a login, and a write of failed storage, while master answers",
    sql({ write: error(823), master: ok }),
    "alive",
    "823",
    ["orders"],
  ],
  [
    "a login, and a write of failed storage, while another database is online",
    sql({
      write: error(3314),
      databases: [
        { name: "orders", state: "online" },
        { name: "stock", state: "online" },
      ],
    }),
    "alive",
    "3314",
    ["orders"],
  ],
  [
    "a login, and a write that ends in a code nobody knows",
    sql({ write: odd }),
    "blind",
    "ENEW",
    [],
  ],
  [
    "a login, and a write of failed storage, while the only other database is lost too",
    sql({
      write: error(823),
      databases: [
        { name: "orders", state: "online" },
        { name: "stock", state: "lost" },
      ],
    }),
    "not-serving",
    "823",
    ["stock"],
  ],
  [
    "a login, and a write of failed storage, where nobody can list the databases",
    sql({ write: error(823), databases: null }),
    "not-serving",
    "823",
    [],
  ],
  [
    "a login, and a database that is gone, while another is only said to be online",
    sql({
      write: error(40613),
      databases: [
        { name: "orders", state: "online" },
        { name: "stock", state: "online" },
      ],
    }),
    "not-serving",
    "40613",
    [],
  ],
  [
    "a login, and a write that is sent on to where nothing answers",
    sql({ write: { kind: "lost-redirect", how: "refused" } }),
    "not-serving",
    "redirect-refused",
    [],
  ],
  [
    "a login, and no name for the write",
    sql({ write: { kind: "no-name", said: "ENOTFOUND" } }),
    "blind",
    "no-name",
    [],
  ],
  [
    "a login that is sent on to where nothing answers",
    refused({ kind: "lost-redirect", how: "timed-out" }),
    "not-serving",
    "redirect-timed-out",
    [],
  ],
  ["a read-only database", sql({ write: error(3906) }), "alive", "3906", []],
  [
    "a login, and a database that is gone",
    sql({ write: error(40613) }),
    "not-serving",
    "40613",
    [],
  ],
  [
    "a login, and a database that is gone while master answers",
    sql({ write: error(40613), master: ok }),
    "alive",
    "40613",
    ["orders"],
  ],
  [
    "a login, and a database that is gone with master",
    sql({ write: error(40613), master: error(40613) }),
    "not-serving",
    "40613",
    [],
  ],
  ["a refused login", refused(error(18456), error(18456)), "alive", "18456", []],
  ["a firewall that refuses", refused(error(40615)), "alive", "40615", []],
  ["an error nobody knows", refused(error(987654)), "alive", "987654", []],
  ["an error without a number", refused(error(null)), "alive", "EREQUEST", []],
  ["not available, in master too", refused(error(40613), error(40613)), "not-serving", "40613", []],
  [
    "not available, and master silent",
    refused(error(40613), timeout("login")),
    "not-serving",
    "40613",
    [],
  ],
  ["suspect, while master answers", refused(error(926), ok), "alive", "926", ["orders"]],
  ["not opened, while master answers", refused(error(4060), ok), "alive", "4060", ["orders"]],
  [
    "suspect, while master refuses us by name",
    refused(error(926), error(18456)),
    "alive",
    "926",
    ["orders"],
  ],
  ["not opened anywhere", refused(error(4060), error(4060)), "alive", "4060", ["orders"]],
  ["no connection", refused(timeout("connect")), "no-answer", "connect-timed-out", []],
  ["no end of the login", refused(timeout("login")), "no-answer", "login-timed-out", []],
  [
    "a refused connection",
    refused({ kind: "unreachable", code: "ECONNREFUSED", said: "ECONNREFUSED" }),
    "no-answer",
    "ECONNREFUSED",
    [],
  ],
  [
    "a certificate of another name",
    refused({
      kind: "unreachable",
      code: "tls",
      said: "ERR_TLS_CERT_ALTNAME_INVALID",
    }),
    "alive",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    [],
  ],
  ["no name", refused({ kind: "no-name", said: "ENOTFOUND" }), "blind", "no-name", []],
  ["no token", refused({ kind: "no-token", code: "EFEDAUTH" }), "blind", "no-token", []],
  [
    "one database of two offline",
    sql({
      databases: [
        { name: "a", state: "online" },
        { name: "b", state: "lost" },
      ],
    }),
    "writes",
    "ok",
    ["b"],
  ],
];

describe("judgeLook()", () => {
  test.each(CASES)("%s", (_, given, result, code, failedDatabases) => {
    const judged = judgeLook(given, { ...reached, canaryDatabase: "orders" });
    expect(judged).toMatchObject({ result, code, failedDatabases });
  });

  test("a failed reference blinds a vantage that got no answer, and no other", () => {
    const failed = {
      referenceReached: "failed",
      stoodStill: false,
      canaryDatabase: "orders",
    } as const;
    const changed = CASES.filter(([, given, result]) => judgeLook(given, failed).result !== result);
    expect(changed.map(([, , result]) => result).every((r) => r === "no-answer")).toBe(true);
    expect(changed).not.toEqual([]);
    expect(judgeLook(refused(timeout("login")), failed).result).toBe("blind");
  });

  test("a vantage without a reference is believed", () =>
    expect(
      judgeLook(refused(timeout("login")), {
        referenceReached: "not-configured",
        stoodStill: false,
      }).result,
    ).toBe("no-answer"));

  test.each(CASES)("a vantage that stood still says nothing: %s", (_, given) =>
    expect(judgeLook(given, { ...reached, stoodStill: true }).result).toBe("blind"),
  );

  test("a write counts its whole way: login and commit", () =>
    expect(judgeLook(sql(), reached).latencyMs).toBe(40));
});

describe("the table of SQL errors", () => {
  const known = new Set(SQL_ROWS.map(({ code }) => code));

  test("every recorded number has a row", () => {
    const numbers = recorded.messages.flatMap(({ number }) => (number === null ? [] : [number]));
    expect(numbers.filter((number) => !known.has(String(number)))).toEqual([]);
    expect(numbers.length).toBeGreaterThan(40);
  });

  test("no code has two rows", () => {
    const codes = [...SQL_ROWS, ...NETWORK_ROWS].map(({ code }) => code);
    expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
  });

  test.each([18456, 40615, 229, 916, 4221, 10928, 208, 1222, 9002, 4060, 3906])(
    "%i is life",
    (number) => expect(judgeLook(refused(error(number)), reached).result).toBe("alive"),
  );

  test.each([40613, 40197, 40143, 926, 976, 983, 6005, 17142, 17187, 18401, 9001, 823])(
    "%i is not serving",
    (number) => expect(judgeLook(refused(error(number)), reached).result).toBe("not-serving"),
  );

  test.each([233, 64, 10053, 10054, 10060, 26, 40])("%i is no answer", (number) =>
    expect(judgeLook(refused(error(number)), reached).result).toBe("no-answer"),
  );
});

describe("of what another site tells", () => {
  test.each([
    ["no-answer", "login-timed-out"],
    ["no-answer", "ECONNREFUSED"],
    ["not-serving", "write-cut"],
    ["not-serving", "40613"],
    ["not-serving", "823"],
    ["not-serving", "redirect-refused"],
  ] as const)("a vote down counts: %s by %s", (result, code) =>
    expect(trustedResult(result, code)).toBe(result),
  );

  test.each(["no-answer", "not-serving"] as const)(
    "%s by a code that nobody here knows, or that shows life, is blindness",
    (result) => {
      for (const code of ["a-word-of-tomorrow", "", "18456", "no-name"]) {
        expect(trustedResult(result, code)).toBe("blind");
      }
    },
  );

  test.each(["writes", "alive", "blind"] as const)("%s counts, whatever its code", (result) => {
    for (const code of ["a-word-of-tomorrow", "40613"]) {
      expect(trustedResult(result, code)).toBe(result);
    }
  });
});

test("of the databases that are lost a row can hold the names", () => {
  const databases = Array.from({ length: 600 }, (_, nth) => ({
    name: `orders-${nth}`,
    state: "lost" as const,
  }));
  const { failedDatabases } = judgeLook(sql({ databases }), {
    referenceReached: "ok",
    stoodStill: false,
  });
  expect(failedDatabases).toHaveLength(100);
});
