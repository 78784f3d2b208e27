import type { Random } from "functions-host/random";
import type { Fault } from "../simulator/faults.ts";
import type { Move } from "./move.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

export const SITES = ["weu", "neu", "sec"] as const;
export const REGIONS = ["westeurope", "northeurope", "swedencentral"] as const;

type Untimed<F> = F extends unknown ? Omit<F, "at" | "for"> : never;
/** Draws a fault; when, and for how long, is drawn apart from it. */
export type Draw = (random: Random) => Untimed<Fault>;

const TROUBLES: readonly Draw[] = [
  (r) => ({ fault: "partition", from: pick(r, REGIONS), to: pick(r, REGIONS) }),
  (r) => ({ fault: "vantage-blind", site: pick(r, SITES) }),
  (r) => ({ fault: "reference-down", site: pick(r, SITES) }),
  (r) => ({ fault: "site-stopped", site: pick(r, SITES) }),
  (r) => ({ fault: "site-stalls", site: pick(r, SITES) }),
  (r) => ({
    fault: "clock-off",
    site: pick(r, SITES),
    ms: Math.round(r.between(-60, 60)) * MINUTE,
  }),
  (r) => ({
    fault: "peer-lies",
    site: pick(r, SITES),
    how: pick(r, ["down", "stale", "for-others"]),
  }),
  (r) => ({ site: pick(r, SITES), fault: pick(r, ["store-down", "store-refuses"]) }),
  (r) => ({ fault: "store-answer-lost", site: pick(r, SITES) }),
  (r) => ({ fault: "store-write-lost", site: pick(r, SITES) }),
  (r) => ({ fault: "store-write-late", site: pick(r, SITES), ms: Math.round(20_000 * r.next()) }),
  (r) => ({ fault: "store-conflict", site: pick(r, SITES), share: r.next() }),
  (r) => ({ fault: "notifier-down", site: pick(r, SITES) }),
  (r) => ({ fault: "dns-fail", from: pick(r, REGIONS) }),
  (r) => ({
    fault: "identity-down",
    region: pick(r, REGIONS),
    tokenGoodFor: Math.round(300_000 * r.next()),
  }),
  (r) => ({ fault: "flaky", on: pick(r, ["home", "partner"]), share: r.next() }),
  (r) => ({ fault: "slow", on: pick(r, ["home", "partner"]), ms: Math.round(9_000 * r.next()) }),
  () => ({ fault: "instance-down", on: "partner" }),
  () => ({ fault: "database-inaccessible", on: "home", database: "reports" }),
  (r) => ({ fault: "replication-lag", seconds: Math.round(90 * r.next()) }),
  (r) => ({ fault: "group-read-stale", seconds: Math.round(60 * r.next()) }),
  () => ({ fault: "arm-down" }),
  () => ({ fault: "arm-5xx", status: 503 }),
  () => ({ fault: "arm-html" }),
  () => ({ fault: "arm-throttled", retryAfterSeconds: 20 }),
  () => ({ fault: "arm-answer-lost" }),
  (r) => ({ fault: "arm-late", seconds: Math.round(r.between(5, 90)) }),
  (r) => ({ fault: "arm-slow", ms: Math.round(r.between(1_000, 9_000)) }),
  () => ({ fault: "arm-refuses", region: "northeurope", code: "AuthorizationFailed", status: 403 }),
  () => ({ fault: "key-unreachable", on: "partner" }),
  () => ({ fault: "key-denied", on: "home" }),
  () => ({ fault: "replication-suspended" }),
  () => ({ fault: "planned-stuck" }),
  (r) => ({ fault: "activity", what: pick(r, ["network-change", "key-change", "scale"]) }),
  () => ({ fault: "operation-running", on: "home", name: "UPDATE" }),
  (r) => ({ fault: "dns-lag", seconds: Math.round(120 * r.next()) }),
  (r) => ({
    fault: "platform-advice",
    source: pick(r, ["resource-health", "service-health", "maintenance"]),
    value: pick(r, ["Available", "Degraded", "Unavailable"]),
  }),
  (r) => ({ fault: "client-load", commitsPerSecond: Math.round(20 * r.next()) }),
];

/** One of them, beginning in the first half of the run. */
export function drawTrouble(random: Random, fromMs: number, untilMs: number): Move {
  const at = Math.round(random.between(fromMs / 2, untilMs / 2));
  const fault = pick(random, TROUBLES)(random);
  const limitMs = fault.fault === "site-stalls" ? 90 * SECOND : untilMs - at;
  return lastFor(fault, at, Math.round(limitMs * random.next()));
}

export function lastFor(fault: Untimed<Fault>, at: number, forMs: number): Move {
  return { kind: "fault", fault: { ...fault, at, for: forMs } };
}

export function pick<const T>(random: Random, from: readonly T[]): T {
  const one = from[Math.floor(random.next() * from.length)];
  if (one === undefined) throw new Error("Cannot pick: nothing to pick from");
  return one;
}
