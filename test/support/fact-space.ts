import type { Facts, FailbackFacts } from "../../shared/domain/facts.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import type { Purpose } from "../../shared/domain/purpose.ts";
import {
  type Judgement,
  judgeObservations,
} from "../../shared/policy/evidence/judge-observations.ts";

// A coarse space of facts: each signal at its few distinct values, and every combination of them.
//
// P1. The first value of every signal is the one that permits acting; any other is a deviation.
// P2. Every value of a signal sets the same fields, and no two signals set the same one, so that a
//     point depends on its values alone and not on the way there.

/** What one value of a signal says. */
export interface Value {
  readonly facts?: Partial<Facts>;
  readonly policy?: Partial<Policy>;
  readonly failback?: Partial<Omit<FailbackFacts, "base">>;
}

/** A signal: its values by name, the permitting one first. */
export type Signal = Readonly<Record<string, Value>>;

export interface Slice {
  readonly name: string;
  readonly purpose: Purpose;
  readonly base: FailbackFacts;
  readonly policy: Policy;
  readonly signals: Readonly<Record<string, Signal>>;
}

/** One combination. The objects are used again for the next one: keep nothing of them. */
export interface Point {
  readonly slice: Slice;
  readonly failback: FailbackFacts;
  readonly facts: Facts;
  readonly policy: Policy;
  readonly judgement: Judgement;
}

/** Puts every point to `visit` until it says stop, and counts them. */
export function walk(
  slice: Slice,
  visit: (point: Point) => "go-on" | "stop",
  deviationsMax = Number.POSITIVE_INFINITY,
): number {
  const facts = { ...slice.base.base };
  const failback = { ...slice.base, base: facts };
  const policy = { ...slice.policy };
  const signals = inOrder(slice);
  const judgedAfter = signals.filter(({ judged }) => judged).length;
  let judgement = judgeObservations(facts, policy);
  let count = 0;
  const descend = (depth: number, deviationsLeft: number): boolean => {
    if (depth === judgedAfter) judgement = judgeObservations(facts, policy);
    const signal = signals[depth];
    if (signal === undefined) {
      count += 1;
      return visit({ slice, failback, facts, policy, judgement }) === "go-on";
    }
    const values = deviationsLeft > 0 ? signal.values : signal.values.slice(0, 1);
    for (const [index, value] of values.entries()) {
      if (value.facts !== undefined) Object.assign(facts, value.facts);
      if (value.policy !== undefined) Object.assign(policy, value.policy);
      if (value.failback !== undefined) Object.assign(failback, value.failback);
      if (!descend(depth + 1, index === 0 ? deviationsLeft : deviationsLeft - 1)) return false;
    }
    return true;
  };
  descend(0, deviationsMax);
  return count;
}

/** The same slice with only the first values of some signals. */
export function narrow(slice: Slice, first: Readonly<Record<string, number>>): Slice {
  const signals = Object.entries(slice.signals).map(([name, signal]): [string, Signal] => [
    name,
    Object.fromEntries(Object.entries(signal).slice(0, first[name])),
  ]);
  return { ...slice, signals: Object.fromEntries(signals) };
}

/** How many points the whole product has. */
export function sizeOf({ signals }: Slice): number {
  return Object.values(signals).reduce((size, signal) => size * Object.keys(signal).length, 1);
}

/** The value of every signal that is not the permitting one, for a person to read. */
export function deviationsOf({ slice, facts, policy, failback }: Point): string[] {
  const has = (value: Value) =>
    contains(facts, value.facts) &&
    contains(policy, value.policy) &&
    contains(failback, value.failback);
  return Object.entries(slice.signals).flatMap(([signal, values]) => {
    const index = Object.values(values).findIndex(has);
    return index === 0 ? [] : [`${signal}: ${Object.keys(values)[index]}`];
  });
}

/** Fields that two values of one signal do not both set, or that two signals set. */
export function findOverlaps(of: Pick<Slice, "name" | "signals">): string[] {
  const { name: slice, signals } = of;
  const setBy = new Map<string, string>();
  const faults: string[] = [];
  for (const [name, signal] of Object.entries(signals)) {
    const [first = "", ...others] = Object.values(signal).map((value) => fieldsOf(value).join(" "));
    if (others.some((fields) => fields !== first)) faults.push(`${slice}: ${name} is uneven`);
    for (const field of first.split(" ")) {
      const other = setBy.get(field);
      if (other !== undefined) faults.push(`${slice}: ${other} and ${name} both set ${field}`);
      setBy.set(field, name);
    }
  }
  return faults;
}

const JUDGED = [
  "facts.looks",
  "facts.application",
  "facts.outage",
  "facts.secondaryAdvances",
  "facts.primary",
  "policy.vantages",
  "policy.applicationFloor",
];

/** What the judgement depends on comes first, so that it is made once for all that follows. */
function inOrder({ signals }: Slice): { values: Value[]; judged: boolean }[] {
  const all = Object.values(signals).map((signal) => {
    const values = Object.values(signal);
    const fields = values.flatMap(fieldsOf);
    return { values, judged: fields.some((field) => JUDGED.includes(field)) };
  });
  return [...all.filter(({ judged }) => judged), ...all.filter(({ judged }) => !judged)];
}

function fieldsOf({ facts, policy, failback }: Value): string[] {
  return [
    ...Object.keys(facts ?? {}).map((field) => `facts.${field}`),
    ...Object.keys(policy ?? {}).map((field) => `policy.${field}`),
    ...Object.keys(failback ?? {}).map((field) => `failback.${field}`),
  ].sort();
}

function contains(whole: object, part: object | undefined): boolean {
  const fields = new Map<string, unknown>(Object.entries(whole));
  return Object.entries(part ?? {}).every(([field, value]) => Object.is(fields.get(field), value));
}
