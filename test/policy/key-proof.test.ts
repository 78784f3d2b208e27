// How old what is known of the secondary's key may grow, and when it is asked again.

import { describe, expect, test } from "vitest";
import type { Decision } from "../../shared/domain/decision.ts";
import type { KeyPathState } from "../../shared/domain/facts.ts";
import { type KeyProof, noKeyProof } from "../../shared/domain/watch.ts";
import {
  graceEndsProven,
  isKeyCheckDue,
  keyPathNow,
  renewAfterMs,
} from "../../shared/policy/evidence/key-proof.ts";
import { MINUTE, NOW, policy, SECOND } from "../support/facts.ts";

const { keyProofMs } = policy();
const PROVEN: KeyPathState = { kind: "proven", ageMs: 0 };
const DENIED: KeyPathState = { kind: "denied", code: "AKV403", ageMs: 0 };
const UNKNOWN: KeyPathState = { kind: "unknown", reason: "unreachable", because: "timeout" };
const NOT_NEEDED: KeyPathState = { kind: "not-needed" };

function answered(answer: KeyPathState, ageMs = 0, change: Partial<KeyProof> = {}): KeyProof {
  const keyPath = { answer, answeredAt: NOW - ageMs };
  return { ...noKeyProof("partner"), keyPath, keyCheckedAt: NOW - ageMs, ...change };
}

describe("of the key is known", () => {
  const known = (proof: KeyProof) => keyPathNow(proof, policy(), NOW);
  const doubt = (because: string) => ({ kind: "unknown", reason: "no-answer", because });

  test("nothing while the secondary has never answered", () =>
    expect(known(noKeyProof("partner"))).toEqual(doubt("never-answered")));

  test("that it is reached, for as long as a proof is good", () => {
    expect(known(answered(PROVEN))).toEqual({ kind: "proven", ageMs: 0 });
    expect(known(answered(PROVEN, keyProofMs))).toEqual({ kind: "proven", ageMs: keyProofMs });
    expect(known(answered(PROVEN, keyProofMs + 1))).toEqual(doubt("proof-too-old"));
  });

  test("nothing by an answer of the future: the clock was set back", () =>
    expect(known(answered(PROVEN, -1))).toEqual(doubt("clock-was-set-back")));

  test("that it is denied, however long ago", () =>
    expect(known(answered(DENIED, keyProofMs + 1))).toEqual({ ...DENIED, ageMs: keyProofMs + 1 }));

  test("that none is needed, or why nobody knows, in the words of the answer", () => {
    expect(known(answered(NOT_NEEDED, 1))).toEqual(NOT_NEEDED);
    expect(known(answered(UNKNOWN, 1))).toEqual(UNKNOWN);
  });
});

describe("the secondary is asked again", () => {
  const RENEW_MS = 5 * MINUTE;
  const isDue = (proof: KeyProof) => isKeyCheckDue(proof, policy(), NOW, RENEW_MS);

  test.each<[string, KeyPathState, number]>([
    ["when its proof is to be renewed", PROVEN, RENEW_MS],
    ["a minute after it was denied", DENIED, MINUTE],
    ["a minute after it could not tell", UNKNOWN, MINUTE],
    ["within half the time of a proof where it needs no key", NOT_NEEDED, keyProofMs / 2],
  ])("%s", (_, answer, restMs) => {
    expect(isDue(answered(answer, restMs))).toBe(true);
    expect(isDue(answered(answer, restMs - 1))).toBe(false);
    expect(isDue(answered(answer, 0))).toBe(false);
  });

  test("a minute after a check that brought no answer, and at once where none was begun", () => {
    const asked = (keyCheckedAt: number) => ({ ...noKeyProof("partner"), keyCheckedAt });
    expect(isDue(asked(NOW - MINUTE))).toBe(true);
    expect(isDue(asked(NOW - MINUTE + 1))).toBe(false);
    expect(isDue(noKeyProof("partner"))).toBe(true);
    expect(isDue(answered(PROVEN, 0, { keyCheckedAt: null }))).toBe(true);
  });

  test("at once where the last check was in the future: the clock was set back", () =>
    expect(isDue(answered(PROVEN, 0, { keyCheckedAt: NOW + 1 }))).toBe(true));
});

describe("a proof is renewed", () => {
  const renewedAfter = (graceLeftMs: number | null, change = {}) =>
    renewAfterMs({ graceLeftMs }, policy(change));

  test("at half its time while no grace runs, and at the end of one: a request may be near", () => {
    expect(renewAfterMs(null, policy())).toBe(keyProofMs / 2);
    expect(renewedAfter(null)).toBe(keyProofMs / 2);
    expect(renewedAfter(0)).toBe(keyProofMs / 2);
    expect(renewedAfter(45 * SECOND)).toBe(keyProofMs / 2);
  });

  test("every minute while a grace runs: what took the primary may take the vault", () =>
    expect(renewedAfter(45 * SECOND + 1)).toBe(MINUTE));

  test("at half its time where that is less than a minute", () =>
    expect(renewedAfter(4 * MINUTE, { keyProofMs: MINUTE })).toBe(30 * SECOND));
});

describe("at the end of a grace no other answer is needed", () => {
  type Near = Pick<Decision, "graceLeftMs" | "guards">;
  type Finding = Near["guards"][number];
  const found = (guard: Finding["guard"], state: Finding["state"]): Finding[] => [
    { guard, strength: "liftable", state, because: null },
  ];
  const ends = (proof: KeyProof, graceLeftMs: number | null, guards: Finding[] = []) =>
    graceEndsProven(proof, { graceLeftMs, guards }, policy(), NOW);

  test("where the proof at hand is good", () => {
    expect(ends(answered(PROVEN), 45 * SECOND)).toBe(true);
    expect(ends(answered(PROVEN), 1)).toBe(true);
  });

  test("but it does not end yet, is over, or does not run", () => {
    expect(ends(answered(PROVEN), 45 * SECOND + 1)).toBe(false);
    expect(ends(answered(PROVEN), 0)).toBe(false);
    expect(ends(answered(PROVEN), null)).toBe(false);
    expect(graceEndsProven(answered(PROVEN), null, policy(), NOW)).toBe(false);
  });

  test("but the proof must outlast it, and the time in which a check would begin", () => {
    const lastsMs = keyProofMs - 30 * SECOND - 8 * SECOND;
    expect(ends(answered(PROVEN, lastsMs), 30 * SECOND)).toBe(true);
    expect(ends(answered(PROVEN, lastsMs + 1), 30 * SECOND)).toBe(false);
  });

  test.each([DENIED, UNKNOWN, NOT_NEEDED])("but an answer of $kind is no proof", (answer) =>
    expect(ends(answered(answer), 30 * SECOND)).toBe(false),
  );

  test.each(["key-denied", "key-unknown"] as const)("where a person has lifted %s", (guard) => {
    expect(ends(answered(UNKNOWN), 30 * SECOND, found(guard, "lifted"))).toBe(true);
    expect(ends(answered(UNKNOWN), 30 * SECOND, found(guard, "closed"))).toBe(false);
  });

  test("but another guard that was lifted says nothing of the key", () =>
    expect(ends(answered(UNKNOWN), 30 * SECOND, found("cooldown", "lifted"))).toBe(false));

  test("one lifted guard of several is enough", () => {
    const guards = [...found("cooldown", "closed"), ...found("key-denied", "lifted")];
    expect(ends(answered(DENIED), 30 * SECOND, guards)).toBe(true);
  });
});
