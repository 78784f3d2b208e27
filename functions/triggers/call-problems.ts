import type { Decision } from "../../shared/domain/decision.ts";
import { HttpProblem } from "../http/http-problem.ts";

/** The rules would not act on this call: names each closed guard, and what opens it. */
export function callRefused(
  group: string,
  decision: Decision,
  /** Sites that may act for the group: a call elsewhere is refused. */
  callAt: readonly string[],
): HttpProblem {
  const guards = decision.guards
    .filter((finding) => finding.state === "closed")
    .map(({ guard, strength, because }) => ({ guard, strength, because }));
  const accept = guards.filter((one) => one.strength === "liftable").map((one) => one.guard);
  const absolute = guards.filter((one) => one.strength === "absolute").map((one) => one.guard);
  const inTheWay =
    guards.length === 0 ? `rule ${decision.rule}` : guards.map((one) => one.guard).join(", ");
  const hints = [
    absolute.length === 0 ? null : `${absolute.join(", ")} cannot be accepted and must open first`,
    accept.length === 0
      ? null
      : `to accept the rest, call again with accepts: ${accept.join(", ")}`,
  ].filter((hint) => hint !== null);
  return new HttpProblem({
    status: 409,
    slug: "guard-closed",
    title: "Something is in the way",
    detail: `Cannot act on ${group}: ${[inTheWay, ...hints].join("; ")}`,
    members: {
      group,
      rule: decision.rule,
      verdict: decision.verdict,
      diagnosis: decision.diagnosis,
      because: decision.because,
      waitingFor: decision.waitingFor,
      guards,
      accept,
      callAt,
    },
  });
}

/** 422: this idempotency key stands for another call. */
export function keyUsed(): HttpProblem {
  return new HttpProblem({
    status: 422,
    slug: "idempotency-key-used",
    title: "The idempotency key belongs to another call",
    detail: "Cannot make the call: another call was made with this key; use a new key",
  });
}

/** 410: the call was never passed on, and is too old to be. */
export function callExpired(): HttpProblem {
  return new HttpProblem({
    status: 410,
    slug: "call-expired",
    title: "The call has expired",
    detail: "Cannot repeat the call: it was never passed on and has expired; call with a new key",
  });
}

/** The one store that decides what was called first gives no answer. */
export function storeSilent(site: string): HttpProblem {
  return new HttpProblem({
    status: 503,
    slug: "store-unreachable",
    title: "A store gave no answer",
    detail: `Cannot keep the call: no answer from the store of ${site}; call again`,
    members: { missingAt: [site] },
  });
}
