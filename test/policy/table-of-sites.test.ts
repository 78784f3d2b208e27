// The table of docs/how-it-decides.md: how many sites there are, what is lost or silent, and what comes of it.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Facts } from "../../shared/domain/facts.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import type { Trouble } from "../../shared/domain/outage.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { decide } from "../../shared/policy/decide.ts";
import { judgeObservations } from "../../shared/policy/evidence/judge-observations.ts";
import { trackTrouble } from "../../shared/policy/evidence/track-trouble.ts";
import { facts, look, MINUTE, NOW, outage, policy, SECOND } from "../support/facts.ts";

const WELL = { kind: "ratio", value: 1, ageMs: 0, windowMs: MINUTE } as const;
const NOT_CONFIGURED = { kind: "not-configured" } as const;

type Seen = Partial<Observation> | null;
const lost: Seen = {};
const silent: Seen = null;
const blind: Seen = { result: "blind", code: "no-name" };
const refused: Seen = { result: "alive", code: "18456" };
const hangs: Seen = { result: "not-serving", code: "write-timed-out" };
const writes: Seen = { result: "writes", code: "ok", latencyMs: 40 };

interface Told {
  readonly inside: Seen;
  /** Of the sites outside the first ones; the others see what the last one says. */
  readonly outside: readonly [Seen, ...Seen[]];
  readonly application?: Facts["application"];
}

/** Each row of the table by its first cell. */
const ROWS: Readonly<Record<string, Told>> = {
  "the primary's region, with its site": { inside: silent, outside: [lost] },
  "and one site more is silent": { inside: silent, outside: [silent, lost] },
  "and one site more is blind": { inside: silent, outside: [blind, lost] },
  "and two sites more are silent": { inside: silent, outside: [silent, silent, lost] },
  "and the application is said to succeed": {
    inside: silent,
    outside: [lost],
    application: WELL,
  },
  "the instance alone": { inside: lost, outside: [lost] },
  "writes alone: they hang": { inside: hangs, outside: [hangs] },
  "the way from outside, and the site inside writes": { inside: writes, outside: [lost] },
  "nothing, and the primary refuses everybody": { inside: refused, outside: [refused] },
  "nothing, and every site is blind": { inside: blind, outside: [blind] },
};

const OUTSIDE = ["northeurope", "swedencentral", "uksouth", "norwayeast"];

function sitesOf(count: number): Policy["vantages"] {
  const outside = OUTSIDE.slice(0, count - 1).map((region) => ({ name: region, region }));
  return [{ name: "weu", region: "westeurope" }, ...outside];
}

function looksAt(now: number, vantages: Policy["vantages"], told: Told): Observation[] {
  return vantages.flatMap(({ name, region }, index) => {
    const nth = Math.min(index, told.outside.length) - 1;
    const seen = index === 0 ? told.inside : told.outside[nth];
    const at = { region, startedAt: now - 8 * SECOND, endedAt: now };
    return seen === null || seen === undefined ? [] : [look(name, { ...seen, ...at })];
  });
}

/** The same looks every ten seconds until the trouble, if it is one, has lasted longer than the `rto`. */
function outcomeOf(count: number, told: Told): string {
  const settings = policy({ vantages: sitesOf(count) });
  const { application = NOT_CONFIGURED } = told;
  const startAt = NOW - settings.rtoMs - MINUTE;
  let trouble: Trouble | null = null;
  for (let now = startAt; now <= NOW; now += 10 * SECOND) {
    const round = facts({ now, looks: looksAt(now, settings.vantages, told), application });
    trouble = trackTrouble(trouble, round, judgeObservations(round, settings), settings);
  }
  const hung = told.inside === hangs ? { lastNotServingAt: NOW } : {};
  const seen = facts({ looks: looksAt(NOW, settings.vantages, told), application });
  if (seen.looks.length === 0) return "nobody is left";
  const { downMajority, signsOfLife } = judgeObservations(seen, settings);
  const counted = downMajority && signsOfLife.length === 0 ? settings.grayGraceMs : 0;
  const at = { ...seen, outage: outage({ outageMs: counted, trouble, ...hung }) };
  const { verdict } = decide(at, settings).decision;
  return { "fail-over": "acts", ask: "asks", hold: "holds and tells", "stand-down": "-" }[verdict];
}

test("says of every number of sites what comes of it, and no cell is silent", () => {
  const text = readFileSync("docs/how-it-decides.md", "utf8");
  const lines = text.split("\n").filter((line) => /^\| (?!what is lost|-)/.test(line));
  const table = lines.map((line) => line.split("|").map((cell) => cell.trim()));
  const said = table.map(([, what = "", ...cells]) => [what, ...cells.slice(0, 3)]);
  const found = Object.entries(ROWS).map(([what, told]) => [
    what,
    ...[3, 4, 5].map((count) => outcomeOf(count, told)),
  ]);
  expect(said).toEqual(found);
});
