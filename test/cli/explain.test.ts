import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { explainDecision } from "../../cli/explain-decision.ts";
import { explainFailover } from "../../cli/explain-failover.ts";
import { runCommand } from "../../cli/run-command.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import { GuardId } from "../../shared/domain/guard.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { type DecisionReceipt, FailoverReceipt } from "../../shared/domain/receipt.ts";
import { decide } from "../../shared/policy/decide.ts";
import { DIAGNOSES } from "../../shared/policy/evidence/diagnose.ts";
import { FAILOVER_TABLE } from "../../shared/policy/rules/decide-failover.ts";
import {
  facts,
  look,
  MINUTE,
  NOW,
  ONSET,
  outage,
  policy,
  SECOND,
  sample,
} from "../support/facts.ts";
import { FAILOVER_SIDES } from "../support/rule-sides.ts";

const fileOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const run = (...args: readonly string[]) => runCommand(["explain", ...args], {});

/** Every receipt that was ever kept. */
const RECEIPTS = readdirSync(fileOf("test/receipts")).map((name) => name.replace(".json", ""));

describe("explain", () => {
  test.each(RECEIPTS)("%s reads as agreed on", async (name) => {
    const { exitCode, stdout, stderr } = await run(fileOf(`test/receipts/${name}.json`));
    expect([exitCode, stderr]).toEqual([0, ""]);
    const golden = fileOf(`test/golden/explain/${name}.txt`);
    await expect(stdout).toMatchFileSnapshot(golden);
  });

  test("of a request whose answer was lost it says that nobody knows when it was accepted", () => {
    const text = readFileSync(fileOf("test/receipts/failover-forced.json"), "utf8");
    const receipt = FailoverReceipt.parse(JSON.parse(text));
    const phases = { ...receipt.phases, acceptedAt: null };
    expect(explainFailover({ ...receipt, phases })).toMatch(/accepted by Azure +unknown\n/);
  });

  test("a site that answers with no report is not merely silent", () => {
    const unheard = [{ vantage: "weu", because: "http-401" }];
    const looks = [look("neu"), look("sec")];
    const receipt = receiptOf(facts({ looks, unheard }));
    expect(explainDecision(receipt, { all: false })).toMatch(
      /weu, .* nothing fresh is heard: it answers http-401\n/,
    );
    expect(explainDecision(receipt, { all: true })).toMatch(/weu +\S+ +- +http-401/);
  });

  test("--all tells the rest as well", async () => {
    const path = fileOf("test/receipts/primary-lost.json");
    const [brief, all] = await Promise.all([run(path), run(path, "--all")]);
    const golden = fileOf("test/golden/explain/primary-lost-all.txt");
    await expect(all.stdout).toMatchFileSnapshot(golden);
    const titles = (text: string) => text.split("\n").filter((line) => /^[A-Z][^:]*$/.test(line));
    expect(titles(all.stdout)).toEqual(expect.arrayContaining(titles(brief.stdout)));
  });

  test("what is no receipt is refused, and the others are explained all the same", async () => {
    const [first = ""] = RECEIPTS;
    const path = fileOf(`test/receipts/${first}.json`);
    const { exitCode, stdout, stderr } = await run("no-such-file.json", path);
    expect([exitCode, stderr]).toEqual([2, "Cannot explain no-such-file.json: no such file\n"]);
    expect(stdout).toContain("orders-fog");
  });
});

function receiptOf(given: Facts, change: Partial<Policy> = {}): DecisionReceipt {
  const rules = policy(change);
  return {
    ...{ kind: "decision", version: 1, product: "geo-failover/0", id: "r-1", writtenAt: NOW },
    ...{ policyDigest: "5488bf52a3f2", policy: rules, purpose: "fail-over", homeward: null },
    sides: {
      home: { name: "mi-orders-weu", region: "westeurope" },
      partner: { name: "mi-orders-neu", region: "northeurope" },
    },
    facts: given,
    decision: decide(given, rules).decision,
  };
}

const explained = (given: Facts, change: Partial<Policy> = {}) =>
  explainDecision(receiptOf(given, change), { all: false });

describe("what a tired reader is told", () => {
  const IDS = [
    ...GuardId.options,
    ...FAILOVER_TABLE.map(({ id }) => id),
    ...DIAGNOSES.map(({ diagnosis }) => diagnosis),
  ].filter((id) => id.includes("-"));

  test.each(FAILOVER_SIDES)("$rule: the question first, words, ids last", ({ decides, ...of }) => {
    const text = explained(decides, of.policy);
    const [body = "", ids = ""] = text.split("\nIds\n");
    expect(body).toMatch(/^Primary: .*Question: fail over to mi-orders-neu, northeurope\?/);
    expect(ids).toContain(`rule ${of.rule}, `);
    expect(text).not.toMatch(/\d{10}/);
    const words = body.replace(/\([^)]*\)/g, "");
    expect(IDS.filter((id) => new RegExp(`\\b${id}\\b`).test(words))).toEqual([]);
  });

  test("each bound of the loss has its witness, and one of each database holds", () => {
    const commit = { database: "orders", measuredAt: NOW, lastCommitMark: null };
    const text = explained(
      facts({
        samples: [sample({ lagSeconds: 9 })],
        secondaryCommits: [{ ...commit, lastCommitAgeMs: NOW - ONSET + 21 * SECOND }],
        loss: { kind: "bounded", atMostMs: 21 * SECOND, database: "orders" },
      }),
    );
    expect(text).toMatch(/at most 21 s, of database orders; the budget is 30 s/);
    expect(text).toMatch(/orders {2}21 s {2}holds: the newest commit that the secondary has/);
    expect(text).toMatch(/orders {2}24 s {2}how far the secondary was behind/);
    expect(text).not.toContain("led before");
    const carried = { kind: "bounded", atMostMs: 5 * SECOND, database: "orders" } as const;
    expect(explained(facts({ loss: carried }))).toContain(
      "as the site measured it that led before",
    );
  });

  test("what speaks against an act is said of an act, and what speaks against waiting of a hold", () => {
    const alive = { regionReference: "ok" } as const;
    const ask = explained(
      facts({
        looks: [look("neu", alive), look("sec")],
        application: { kind: "ratio", value: 0.97, ageMs: 0, windowMs: MINUTE },
        outage: outage({ onsetAt: NOW - 2 * MINUTE, ended: [], trouble: null }),
        keyPath: { kind: "denied", code: "AkvKeyDeleted", ageMs: 0 },
      }),
    );
    expect(ask).toContain("Answer: please decide: ");
    expect(ask).toContain("97 % of the application's requests succeed");
    expect(ask).toContain("something else in the primary's region answers neu");
    const held = explained(facts({ outage: outage({ outageMs: 0 }) }));
    expect(held).toContain("Answer: nothing is sent: the grace is not over");
    expect(held).toContain("only 49 % of the application's requests succeed");
    expect(held).toContain("nothing else in the primary's region answers neu, sec either");
    expect(held).not.toContain("something else");
  });

  test("outages that ended, and how many looks wrote", () => {
    const ended = { onsetAt: NOW - 9 * MINUTE, endedAt: NOW - 8 * MINUTE, rounds: 7 };
    const minutes = [{ at: NOW - MINUTE, looks: 6, wrote: 1 }];
    const trouble = {
      sinceAt: NOW - 20 * MINUTE,
      seen: [{ vantage: "neu", countedUntilAt: NOW, minutes }],
      ...{ otherwiseSinceAt: null, answeredAt: null },
    };
    const text = explained(facts({ outage: outage({ ended: [ended], trouble }) }));
    expect(text).toContain("an outage from 2026-01-15 11:51:00 UTC on ended after 1 min");
    expect(text).toContain("neu: 1 of 6 looks of the last ten minutes wrote");
  });

  test("only of what is left to another it says what follows if nothing moves", () => {
    const after = "if it ends without moving the roles, this site goes on as before";
    const texts = FAILOVER_SIDES.map(({ rule, decides, policy: p }) => ({
      rule,
      says: explained(decides, p).includes(after),
    }));
    const saying = texts.filter(({ says }) => says).map(({ rule }) => rule);
    expect(new Set(saying)).toEqual(new Set(["failover-by-other"]));
  });
});
