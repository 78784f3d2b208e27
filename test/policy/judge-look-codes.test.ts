import type { DatabaseState } from "../../shared/domain/observation.ts";
// What a look is written down with beside its result: its code, the databases it found lost, its latency.

import { describe, expect, test } from "vitest";
import type { SqlAnswer, SqlLook } from "../../shared/domain/observation.ts";
import { judgeLook } from "../../shared/policy/evidence/judge-look.ts";

const ok: SqlAnswer = { kind: "ok", latencyMs: 20 };
const no: SqlAnswer = { kind: "not-asked" };
const error = (number: number | null, code = "EREQUEST"): SqlAnswer => ({
  kind: "error",
  number,
  code,
});
const timeout: SqlAnswer = { kind: "timeout", phase: "login" };
const reached = { referenceReached: "ok", stoodStill: false } as const;
const judge = (change: Partial<SqlLook>, context: Parameters<typeof judgeLook>[1] = reached) =>
  judgeLook({ login: ok, write: ok, master: no, databases: null, ...change }, context);
const states = (...all: DatabaseState["state"][]) =>
  all.map((state, i) => ({ name: `db${i}`, state }));

describe("a look is written down with", () => {
  test("the reason why it is blind", () => {
    expect(judge({}, { ...reached, stoodStill: true })).toEqual({
      result: "blind",
      code: "stood-still",
      failedDatabases: [],
      latencyMs: null,
    });
    expect(judge({ login: timeout }, { referenceReached: "failed", stoodStill: false })).toEqual({
      result: "blind",
      code: "reference-failed",
      failedDatabases: [],
      latencyMs: null,
    });
  });

  test("the step that was never asked, which tells nothing", () => {
    expect(judge({ login: no })).toMatchObject({ result: "blind", code: "login-not-asked" });
    expect(judge({ write: { kind: "no-token", code: "x" } })).toMatchObject({
      result: "blind",
      code: "no-token",
    });
  });

  test("the latency of a login alone, where nothing is written", () =>
    expect(judge({ write: no })).toMatchObject({ result: "alive", latencyMs: 20 }));

  test("the canary's database as the lost one, where no list names another", () => {
    const lost = { login: error(926), master: ok };
    expect(judge(lost).failedDatabases).toEqual(["canary"]);
    expect(judge(lost, { ...reached, canaryDatabase: "orders" }).failedDatabases).toEqual([
      "orders",
    ]);
    expect(judge({ ...lost, databases: states("online", "lost") }).failedDatabases).toEqual([
      "db1",
    ]);
  });

  test("the databases that do not serve; one that is restored or copied was not lost", () =>
    expect(
      judge({ databases: states("online", "restoring", "copying", "lost", "lost") })
        .failedDatabases,
    ).toEqual(["db3", "db4"]));

  test("the lost databases also where the write hangs, is cut or is refused", () => {
    for (const write of [
      { kind: "timeout", phase: "query" },
      { kind: "unreachable", code: "ECONNRESET", said: "ECONNRESET" },
      error(40613),
    ] as const) {
      expect(judge({ write, databases: states("lost") }).failedDatabases).toEqual(["db0"]);
    }
  });

  test("the server's own words, where it gave no number", () => {
    expect(judge({ login: error(null, "EWHATEVER") })).toMatchObject({
      result: "alive",
      code: "EWHATEVER",
    });
    expect(judge({ login: { kind: "unreachable", code: "other", said: "ENEW" } })).toMatchObject({
      result: "blind",
      code: "ENEW",
    });
  });

  test("not serving, where master does not serve either, or was cut", () => {
    const refused = { login: error(40613), write: no };
    expect(judge({ ...refused, master: error(40613) }).result).toBe("not-serving");
    expect(judge({ ...refused, master: timeout }).result).toBe("not-serving");
    expect(judge({ ...refused, master: error(3906) }).result).toBe("alive");
  });
});
