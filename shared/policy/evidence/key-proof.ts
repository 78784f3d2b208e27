import type { Decision } from "../../domain/decision.ts";
import type { KeyPathState } from "../../domain/facts.ts";
import type { Policy } from "../../domain/policy.ts";
import type { KeyProof } from "../../domain/watch.ts";

const CHECK_AGAIN_MS = 60_000;
/** What is left of the grace when no check begins any more: a POST may be near. */
const POST_NEAR_MS = 45_000;
/** How long a check takes at most until it is under way. */
const CALL_MS = 8_000;

/** What is known of the key path now, with its age. */
export function keyPathNow(proof: KeyProof, policy: Policy, now: number): KeyPathState {
  if (proof.keyPath === null) return doubt("never-answered");
  const { answer, answeredAt } = proof.keyPath;
  const ageMs = now - answeredAt;
  if (ageMs < 0) return doubt("clock-was-set-back");
  switch (answer.kind) {
    case "proven":
      return ageMs > policy.keyProofMs ? doubt("proof-too-old") : { kind: "proven", ageMs };
    case "denied":
      return { ...answer, ageMs };
    case "not-needed":
    case "unknown":
      return answer;
    default:
      return answer satisfies never;
  }
}

/** No answer that still counts. */
function doubt(because: string): KeyPathState {
  return { kind: "unknown", reason: "no-answer", because };
}

/** Is it time to ask the secondary about its key? */
export function isKeyCheckDue(
  proof: KeyProof,
  policy: Policy,
  now: number,
  renewMs: number,
): boolean {
  const sinceMs = proof.keyCheckedAt === null ? Number.POSITIVE_INFINITY : now - proof.keyCheckedAt;
  const state = keyPathNow(proof, policy, now);
  const restMs = restAfter(state, policy, renewMs);
  return sinceMs >= restMs || sinceMs < 0;
}

/** How long the last answer is left alone. */
function restAfter(state: KeyPathState, policy: Policy, renewMs: number): number {
  switch (state.kind) {
    case "proven":
      return renewMs;
    case "not-needed":
      return policy.keyProofMs / 2;
    case "denied":
    case "unknown":
      return CHECK_AGAIN_MS;
    default:
      return state satisfies never;
  }
}

/** How old a proof may grow before it is renewed: what took the primary may take the vault. */
export function renewAfterMs(
  decision: Pick<Decision, "graceLeftMs"> | null,
  { keyProofMs }: Policy,
): number {
  const graceRuns = (decision?.graceLeftMs ?? 0) > POST_NEAR_MS;
  return Math.min(keyProofMs / 2, graceRuns ? CHECK_AGAIN_MS : Number.POSITIVE_INFINITY);
}

/** A grace is about to end, and needs no other answer about the key: a check would only be in the way. */
export function graceEndsProven(
  proof: KeyProof,
  decision: Pick<Decision, "graceLeftMs" | "guards"> | null,
  policy: Policy,
  now: number,
): boolean {
  const leftMs = decision?.graceLeftMs ?? 0;
  const state = keyPathNow(proof, policy, now);
  const outlasts = state.kind === "proven" && state.ageMs + leftMs + CALL_MS <= policy.keyProofMs;
  const lifted = decision?.guards.some(
    ({ guard, state }) => (guard === "key-denied" || guard === "key-unknown") && state === "lifted",
  );
  return leftMs > 0 && leftMs <= POST_NEAR_MS && (outlasts || lifted === true);
}
