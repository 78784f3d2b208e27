// What each rule and each guard says, word by word as a machine reads it: `because`, what it waits for,
// and the numbers. The golden file is written by `npx vitest run -u` of this file; its diff is the review.

import { expect, test } from "vitest";
import type { Decision } from "../../shared/domain/decision.ts";
import { GuardId } from "../../shared/domain/guard.ts";
import { decide, decideHome } from "../../shared/policy/decide.ts";
import { exhaust, type Found, TABLES } from "../support/exhaust.ts";
import { SLICES } from "../support/fact-slices.ts";
import { policy } from "../support/facts.ts";
import { FAILOVER_SIDES } from "../support/rule-sides.ts";
import { FAILBACK_SIDES } from "../support/rule-sides-home.ts";

function said({ rule, verdict, diagnosis, kind, because, waitingFor, graceLeftMs }: Decision) {
  return JSON.stringify({ rule, verdict, diagnosis, kind, graceLeftMs, because, waitingFor });
}

/** Every reason that a guard gives within one deviation of the facts that permit acting. */
function reasonsOfGuards(): string[] {
  const reasons = new Map<string, string>();
  for (const slice of SLICES) {
    exhaust(slice, TABLES, [({ decision }) => note(decision, reasons)], 1);
  }
  const rank = (line: string) => GuardId.options.findIndex((id) => line.startsWith(`${id} `));
  return [...reasons.values()].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function note({ guards }: Decision, reasons: Map<string, string>): Found["broken"] | null {
  for (const { guard, because } of guards) {
    if (because === null) continue;
    const line = `${guard} ${JSON.stringify(because)}`;
    reasons.set(line, line);
  }
  return null;
}

test("every rule says why, and what it waits for, as was agreed on", async () => {
  const lines = [
    ...FAILOVER_SIDES.flatMap(({ decides, not, policy: p = {}, otherwise = p }) => [
      said(decide(decides, policy(p)).decision),
      `  beyond: ${said(decide(not, policy(otherwise)).decision)}`,
    ]),
    ...FAILBACK_SIDES.flatMap(({ decides, not, policy: p = {}, otherwise = p }) => [
      said(decideHome(decides, policy(p)).decision),
      `  beyond: ${said(decideHome(not, policy(otherwise)).decision)}`,
    ]),
  ];
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../golden/what-rules-say.txt");
});

test("every guard says why it is closed, as was agreed on", async () => {
  const lines = reasonsOfGuards();
  const guards = new Set(lines.map((line) => line.split(" ")[0]));
  expect([...guards].sort()).toEqual([...GuardId.options].sort());
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../golden/what-guards-say.txt");
});
