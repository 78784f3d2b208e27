import type { PostRecord } from "../simulator/azure/world/record.ts";
import type { Chronicle } from "./chronicle.ts";
import { SECOND } from "./troubles.ts";
import { consented } from "./truth.ts";

/** Gives a line for every breach. */
export type Invariant = (run: Chronicle) => readonly string[];

export const ARM = [
  "arm-down",
  "arm-5xx",
  "arm-html",
  "arm-throttled",
  "arm-slow",
  "arm-late",
  "group-read-stale",
] as const;
export const STORES = [
  "store-down",
  "store-answer-lost",
  "store-write-lost",
  "store-write-late",
  "store-conflict",
] as const;

export function unasked(run: Chronicle): readonly PostRecord[] {
  return run.record.posts.filter(({ at }) => !consented(run, at));
}

export function at(run: Chronicle, instant: number): string {
  return `at ${((instant - run.startAt) / SECOND).toFixed(1)} s`;
}

export function say(run: Chronicle, post: PostRecord, why: string): string {
  return `${post.kind} ${at(run, post.at)} by ${post.from}: ${why}`;
}
