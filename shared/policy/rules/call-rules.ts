import type { Site } from "../../domain/group.ts";
import { type Case, closedReasons, hasClosed, type Rule, reason } from "./rule.ts";

/** A person's call: it replaces the grace, the window and the soak, never a guard. */
export const CALL_RULES: readonly Rule[] = [
  // Before call-in-observe: this holds in every mode.
  // Before call-guard-not-accepted: nobody is offered to accept what nobody can.
  {
    id: "call-guard-absolute",
    verdict: "hold",
    says: "a person calls, and a guard that nobody lifts is closed",
    when: (c) => c.call !== null && hasClosed(c, "absolute"),
    because: closedReasons,
  },
  // Before call-guard-not-accepted: nobody has to accept a guard for what the mode will not do.
  // Before call-accepted: a call does not lift the mode.
  {
    id: "call-in-observe",
    verdict: "hold",
    says: "a person calls, and the mode is observe: nothing acts",
    when: (c) => c.call !== null && c.policy.mode === "observe",
    because: () => [reason("mode", { mode: "observe" })],
  },
  // Before call-at-wrong-site: this holds at every site.
  // Before call-accepted: a call takes only the guards that it names.
  {
    id: "call-guard-not-accepted",
    verdict: "hold",
    says: "a person calls, and a closed guard is not among those they accept",
    when: (c) => c.call !== null && hasClosed(c, "liftable"),
    because: closedReasons,
  },
  // Before call-accepted: a call does not make this site one that may act.
  {
    id: "call-at-wrong-site",
    verdict: "hold",
    says: "a person calls a site in the primary's own region: another must act",
    when: (c) => c.call !== null && actsFromPrimaryRegion(c),
    because: ({ facts }) => [reason("site", { site: facts.site, region: facts.primaryRegion })],
  },
  // Before key-denied, no-majority, grace: a call stands for all that is watched or waited for.
  // Before failback-off, soak, window-closed, failback-approve: and for all that going home waits for.
  {
    id: "call-accepted",
    verdict: "fail-over",
    says: "a person calls, and every closed guard is one they accept",
    when: ({ call }) => call !== null,
    because: ({ call }) => [
      reason("call", { actor: call?.actor.name ?? null, reason: call?.reason ?? null }),
    ],
  },
];

/** A site in the region that may be lost must not decide alone over it. */
export function actsFromPrimaryRegion({ facts, policy }: Case): boolean {
  const site: Pick<Site, "region"> | undefined = policy.vantages.find((v) => v.name === facts.site);
  return site?.region === facts.primaryRegion;
}
