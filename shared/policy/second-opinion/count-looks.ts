import type { Facts } from "../../domain/facts.ts";
import { freshMs, type Policy } from "../../domain/policy.ts";

export interface Count {
  /** Has any vantage looked lately, and told? */
  readonly fresh: boolean;
  readonly majority: boolean;
  readonly upMajority: boolean;
  /** Would there be a majority if silence and blindness were votes? They are not. */
  readonly majorityIfUnknownWereDown: boolean;
  readonly life: boolean;
}

/** What a look weighs for the primary against another that began at the same instant. */
const WEIGHT = { writes: 4, alive: 3, blind: 2, "not-serving": 1, "no-answer": 0 } as const;

/** Counts the looks once more, for the check: by vantage names, without any judgement made before. */
export function countLooks(facts: Facts, policy: Policy): Count {
  const oldestAt = facts.now - freshMs(policy);
  const down = new Set<string>();
  const unknown = new Set<string>();
  let up = 0;
  let fresh = false;
  let life = facts.secondaryAdvances === "yes" || applicationLives(facts, policy);
  for (const { name } of policy.vantages) {
    const [newest, ...earlier] = facts.looks
      .filter((look) => look.vantage === name && look.target === facts.primary)
      .filter((look) => look.startedAt > oldestAt && look.startedAt <= facts.now)
      .sort((a, b) => b.startedAt - a.startedAt || WEIGHT[b.result] - WEIGHT[a.result]);
    if (newest !== undefined) fresh = true;
    switch (newest?.result) {
      case "not-serving":
      case "no-answer":
        down.add(name);
        break;
      case "writes":
        up += 1;
        life = true;
        break;
      case "alive":
        life = true;
        break;
      case "blind": {
        unknown.add(name);
        const before = earlier.find(({ result }) => result !== "blind");
        if (before?.result === "writes" || before?.result === "alive") life = true;
        break;
      }
      case undefined:
        unknown.add(name);
        break;
      default:
        throw new Error(`Cannot count a look: unknown result: ${String(newest?.result)}`);
    }
  }
  return {
    fresh,
    majority: isMajority(down, facts, policy),
    upMajority: 2 * up > policy.vantages.length,
    majorityIfUnknownWereDown: isMajority(new Set([...down, ...unknown]), facts, policy),
    life,
  };
}

function isMajority(names: Set<string>, { primaryRegion }: Facts, { vantages }: Policy): boolean {
  const outside = vantages.some(({ name, region }) => names.has(name) && region !== primaryRegion);
  return outside && 2 * names.size > vantages.length;
}

/** Telemetry this late still counts. */
const LATE_MS = 300_000;

function applicationLives({ application, now, outage }: Facts, policy: Policy): boolean {
  if (application.kind !== "ratio" || policy.applicationFloor === null) return false;
  const { value, ageMs, windowMs } = application;
  const began = now - ageMs - windowMs;
  return (
    value >= policy.applicationFloor && ageMs <= LATE_MS && began > (outage.onsetAt ?? -Infinity)
  );
}
