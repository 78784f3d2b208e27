// I19, through the adapters to the decision: a code, a number, a word or a shape that no table has is no vote
// down, opens no guard and lets nothing act. Everything but the one answer that is drawn allows a forced failover.

import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { failedStep } from "../../shared/azure/sql/failed-step.ts";
import { failureName } from "../../shared/azure/sql/failure-name.ts";
import { isTlsCode } from "../../shared/azure/sql/network-code.ts";
import type { SqlAnswer } from "../../shared/domain/observation.ts";
import { judgeLook } from "../../shared/policy/evidence/judge-look.ts";
import { nameSecondary } from "../../shared/policy/evidence/name-secondary.ts";
import {
  type LostRegion,
  loseRegionOnTheWire,
  type Meddling,
} from "../support/lost-on-the-wire.ts";
import { noWord, unlistedCode, unlistedNumber, unlistedWord } from "../support/never-seen.ts";
import { THOROUGH } from "../support/thorough.ts";
import { anyAnswer } from "./any-answer.ts";

const LONG_MS = 240_000;
const RUNS = { seed: 20261130, numRuns: THOROUGH ? 60 : 4 };
const HOME = "mi-orders-weu";

let lost: LostRegion;
beforeAll(async () => {
  lost = await loseRegionOnTheWire();
});

type Json = Record<string, unknown>;

/** The answer to what is asked of that address, with something of it changed. */
function changed(address: RegExp, change: (body: Json) => Json): Meddling {
  return {
    answer: (url, said) =>
      address.test(url) ? { ...said, body: JSON.stringify(change(JSON.parse(said.body))) } : said,
  };
}

function property(address: RegExp, name: string): (value: unknown) => Meddling {
  return (value) =>
    changed(address, (body) => ({
      ...body,
      properties: { ...(body.properties as Json), [name]: value },
    }));
}

function oneMore(address: RegExp): (entry: unknown) => Meddling {
  return (entry) =>
    changed(address, (body) => ({ ...body, value: [...(body.value as unknown[]), entry] }));
}

/** The last of the looks that the other site tells, with something of it changed. */
function told(change: (report: Json, looks: readonly Json[]) => Json): Meddling {
  return {
    report: (_, text) => {
      const report = JSON.parse(text);
      return JSON.stringify(change(report, report.looks));
    },
  };
}

const cut = (code: string): Error => Object.assign(new Error("Cannot connect"), { code });
const endings = fc.record({ code: unlistedCode, after: fc.constantFrom("dial", "bytes") });
type Ending = { readonly code: string; readonly after: "dial" | "bytes" };

const GROUP = /\/instanceFailoverGroups\/orders-fog\?/;
const SECONDARY = /\/managedInstances\/mi-orders-neu\?/;
const OPERATIONS = /\/managedInstances\/mi-orders-neu\/operations\?/;
const LOG = /\/eventtypes\/management\/values\?/;
const OF_GROUP =
  "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-neu/providers/Microsoft.Sql/locations/northeurope/instanceFailoverGroups/orders-fog";

const operation = (state: unknown) => ({ properties: { operation: "UpsertManagedServer", state } });
const action = (verb: string) => ({
  operationName: { value: `Microsoft.Sql/locations/instanceFailoverGroups/${verb}/action` },
  status: { value: "Started" },
  caller: "ada@example.net",
  eventTimestamp: new Date(lost.app.ports.clock.now() - 60_000).toISOString(),
  resourceId: OF_GROUP,
});

/** What is shown, what it is drawn from, and how the outside says it. */
function row<T>(
  says: string,
  drawn: fc.Arbitrary<T>,
  say: (value: T) => Meddling,
): [says: string, check: () => Promise<void>] {
  const holds = fc.asyncProperty(drawn, async (value) => {
    const { decision } = await lost.decide(say(value));
    expect(decision.verdict).not.toBe("fail-over");
  });
  return [says, async () => fc.assert(holds, RUNS)];
}

const rows = [
  row("looks end in a code that no table has", endings as fc.Arbitrary<Ending>, (end) => ({
    dial: (host) => (host.includes(HOME) ? { error: cut(end.code), after: end.after } : null),
  })),
  row("the secondary ends logins so", endings as fc.Arbitrary<Ending>, (end) => ({
    dial: (host) => (host.includes(HOME) ? null : { error: cut(end.code), after: end.after }),
  })),
  row("our own reference ends so", unlistedCode, (code) => ({ reference: () => cut(code) })),
  row(
    "the link is in a state that nobody knows",
    fc.oneof(unlistedWord("CATCH_UP", "CATCHUP", "SYNCHRONIZING", "SUSPENDED"), noWord),
    property(GROUP, "replicationState"),
  ),
  row(
    "the group has a role that nobody knows",
    fc.oneof(unlistedWord("Secondary"), noWord),
    property(GROUP, "replicationRole"),
  ),
  row(
    "the group has a failover policy that nobody knows",
    fc.oneof(unlistedWord("Manual"), noWord).map((failoverPolicy) => ({ failoverPolicy })),
    property(GROUP, "readWriteEndpoint"),
  ),
  row("the group is anything", anyAnswer, (answer) => ({
    answer: (url, said) => (GROUP.test(url) ? answer : said),
  })),
  row(
    "the secondary is in a state that nobody knows",
    fc.oneof(unlistedWord("Ready", "Unknown"), noWord),
    property(SECONDARY, "state"),
  ),
  row(
    "an operation on the secondary is in a state that nobody knows",
    fc
      .oneof(unlistedWord("Succeeded", "Failed", "Cancelled", "Canceled"), noWord)
      .map((state) => operation(state)),
    oneMore(OPERATIONS),
  ),
  row(
    "an operation on the secondary has a shape that nobody knows",
    fc.constantFrom<unknown>(0, null, "x", [], {}, { properties: 1 }, operation(null)),
    oneMore(OPERATIONS),
  ),
  row(
    "somebody does a kind of failover that nobody knows",
    fc.constantFrom("tryPlannedBeforeForcedFailover", "failoverAtOnce", "gracefulFailover"),
    (verb) => oneMore(LOG)(action(verb)),
  ),
  row(
    "the application says of its capacity what nobody knows",
    fc.integer({ min: 300, max: 599 }),
    (status) => ({
      answer: (url, said) => (url.includes("/capacity") ? { ...said, status } : said),
    }),
  ),
  row("the other site votes down by a code that no table has", unlistedCode, (code) =>
    told((report, looks) => ({ ...report, looks: looks.map((look) => ({ ...look, code })) })),
  ),
  row(
    "the other site speaks in a form that nobody knows",
    fc.constantFrom<Json>({ version: 2 }, { looks: {} }, { looks: [0] }, { site: "" }),
    (change) => told((report) => ({ ...report, ...change })),
  ),
  row(
    "the other site sees what nobody knows",
    fc.constantFrom<Json>({ result: "gone" }, { startedAgeMs: -1 }, { target: "C" }, { code: 1 }),
    (change) =>
      told((report, looks) => ({
        ...report,
        looks: looks.map((look) => ({ ...look, ...change })),
      })),
  ),
];

test("a region that is lost is left, so that what follows says something", async () => {
  expect((await lost.decide({})).decision).toMatchObject({ verdict: "fail-over", kind: "forced" });
});

test.each(rows)("nothing is forced where %s", async (_, check) => check(), LONG_MS);

test("nothing that all the rest may say makes up for a vote that is missing", async () => {
  const drawn = fc.record({ end: unlistedCode, answer: anyAnswer, spared: fc.nat(6) });
  await fc.assert(
    fc.asyncProperty(drawn, async ({ end, answer, spared }) => {
      const { decision, facts } = await lost.decide({
        dial: (host) => (host.includes(HOME) ? { error: cut(end), after: "dial" } : null),
        answer: (url, said) => (url.length % 7 === spared ? said : answer),
      });
      const since = facts.now - 60_000;
      const results = facts.looks.filter(({ startedAt }) => startedAt > since);
      expect(results.map(({ result }) => result)).not.toContain("no-answer");
      expect(["hold", "stand-down", "ask"]).toContain(decision.verdict);
    }),
    RUNS,
  );
});

describe("what no table has, at any step of a look", () => {
  const look = (login: SqlAnswer, write: SqlAnswer) =>
    judgeLook(
      { login, write, master: { kind: "not-asked" }, databases: null },
      { referenceReached: "ok", stoodStill: false },
    ).result;
  const ok: SqlAnswer = { kind: "ok", latencyMs: 1 };
  const phase = fc.constantFrom("connect", "login", "query");

  test("is no vote down, and a sign of life where it is of TLS", () => {
    fc.assert(
      fc.property(unlistedCode, phase, fc.nat(3), (code, at, depth) => {
        const error = Array.from({ length: depth }).reduce<Error>(
          (cause) => Object.assign(new Error("below", { cause }), { code: "ESOCKET" }),
          cut(code),
        );
        const step = failedStep(error, at, null);
        for (const result of [look(step, { kind: "not-asked" }), look(ok, step)]) {
          expect(isTlsCode(code) ? ["alive"] : ["alive", "blind"]).toContain(result);
        }
      }),
      { seed: 20261130, numRuns: 2_000 },
    );
  });

  test("is no answer of a secondary that could take over", () => {
    const given = fc.option(unlistedNumber);
    fc.assert(
      fc.property(unlistedCode, phase, given, (code, at, number) => {
        const met = failureName(failedStep(cut(code), at, number));
        expect(nameSecondary(met)).not.toBe("answers");
      }),
      { seed: 20261130, numRuns: 2_000 },
    );
  });

  test("is a sign of life where a server gave it a number", () => {
    fc.assert(
      fc.property(unlistedNumber, unlistedCode, phase, (number, code, at) => {
        const step = failedStep(cut(code), at, number);
        expect([look(step, { kind: "not-asked" }), look(ok, step)]).toEqual(["alive", "alive"]);
      }),
      { seed: 20261130, numRuns: 2_000 },
    );
  });
});
