import type { Reason } from "../../domain/decision.ts";
import { quorumOf } from "../../domain/policy.ts";
import { reasonOf, standingPauses } from "../evidence/standing-pauses.ts";
import { closesAt, isOpen } from "../evidence/windows.ts";
import type { GuardContext, GuardRow } from "./guard-row.ts";

/** A failover takes minutes: its token must outlive it. */
const TOKEN_NEEDED_MS = 5 * 60_000;

/** The guards that nobody lifts. They hold for every kind of failover and for whoever asks. */
export const ABSOLUTE_GUARDS: readonly GuardRow[] = [
  {
    guard: "quorum",
    says: "the configured vantages could never convict the primary, or never clear it",
    guards: "every",
    closed: findQuorumImpossible,
  },
  {
    guard: "fresh-evidence",
    says: "no vantage has a fresh look at the primary",
    guards: "every",
    closed: ({ judgement }) =>
      judgement.freshLooks > 0 ? null : { code: "no-fresh-look", values: {} },
  },
  {
    guard: "claim-open",
    says: "what became of an earlier request of ours is not known yet",
    guards: "every",
    closed: ({ facts: { claim } }) =>
      claim.kind !== "open"
        ? null
        : { code: "claim-open", values: { epoch: claim.epoch, sinceMs: claim.sinceMs } },
  },
  {
    guard: "claim-store",
    says: "the store of the region failed over to cannot be read",
    guards: "every",
    closed: ({ facts: { claim } }) =>
      claim.kind !== "unknown" ? null : { code: "claim-unknown", values: { why: claim.because } },
  },
  {
    guard: "no-token",
    says: "no token is at hand that is good for five more minutes: nothing could be requested",
    guards: "every",
    closed: ({ facts: { tokenGoodForMs } }) =>
      tokenGoodForMs !== null && tokenGoodForMs >= TOKEN_NEEDED_MS
        ? null
        : { code: "no-token", values: { goodForMs: tokenGoodForMs } },
  },
  {
    guard: "roles-known",
    says: "the secondary's region does not say that the target is secondary",
    guards: "every",
    closed: findRolesUnknown,
  },
  {
    // One that nobody can read may be a failover, so it closes as well. Whoever is down meanwhile is paged for.
    guard: "operation-in-progress",
    says: "an operation runs on the secondary or the group",
    guards: "every",
    closed: ({ facts: { operation } }) =>
      operation.kind !== "running"
        ? null
        : { code: "operation-running", values: { name: operation.said, by: operation.by } },
  },
  {
    guard: "seeding",
    says: "the group is still seeding",
    guards: "every",
    closed: ({ facts: { groupState } }) =>
      groupState.kind === "read" && groupState.replication.kind === "seeding"
        ? { code: "seeding", values: { state: groupState.replication.said } }
        : null,
  },
  {
    guard: "moving",
    says: "the group itself says that a failover is under way",
    guards: "every",
    closed: ({ facts: { groupState } }) =>
      groupState.kind === "read" && groupState.replication.kind === "moving"
        ? { code: "moving", values: { state: groupState.replication.said } }
        : null,
  },
  {
    guard: "secondary-silent",
    says: "the secondary is not known to answer SQL",
    guards: "every",
    closed: ({ facts: { secondary } }) =>
      secondary.sql === "answers"
        ? null
        : { code: "secondary-not-answering", values: { sql: secondary.sql } },
  },
  {
    guard: "secondary-not-ready",
    says: "the state of the secondary instance was read and is not Ready",
    guards: "every",
    closed: ({ facts: { secondary } }) =>
      secondary.state.kind === "not-ready"
        ? { code: "secondary-not-ready", values: { state: secondary.state.said } }
        : null,
  },
  {
    guard: "paused",
    says: "a pause is on, or no store could say that none is",
    guards: "every",
    closed: findPause,
  },
  {
    guard: "frozen",
    says: "a configured freeze is on",
    guards: "every",
    closed: ({ facts: { now }, policy }) => {
      const freeze = policy.freeze.find((window) => isOpen(window, now));
      if (freeze === undefined) return null;
      const { schedule, timezone } = freeze;
      return { code: "frozen", values: { schedule, timezone, untilAt: closesAt(freeze, now) } };
    },
  },
];

/** A file like this does not start; a decision replayed under another policy may still meet one. */
function findQuorumImpossible({ facts: { primaryRegion }, policy }: GuardContext): Reason | null {
  const { vantages } = policy;
  const impossible = (why: string): Reason => ({
    code: "quorum-impossible",
    values: { why, vantages: vantages.length, needed: quorumOf(policy) },
  });
  if (new Set(vantages.map(({ name }) => name)).size < vantages.length) {
    return impossible("vantage-named-twice");
  }
  const outside = vantages.filter(({ region }) => region !== primaryRegion).length;
  if (outside < quorumOf(policy)) return impossible("too-few-outside");
  if (policy.mode === "automatic" && outside === vantages.length) return impossible("none-inside");
  return null;
}

function findRolesUnknown({ facts: { primary, groupState } }: GuardContext): Reason | null {
  if (primary === null) return { code: "primary-never-read", values: {} };
  if (groupState.kind === "unknown") {
    return { code: "group-unknown", values: { why: groupState.because } };
  }
  if (groupState.targetRole === "secondary") return null;
  return { code: "target-not-secondary", values: { role: groupState.targetRole } };
}

function findPause({ facts }: GuardContext): Reason | null {
  const [pause] = standingPauses(facts.pause, facts.group, facts.now);
  if (pause !== undefined) return reasonOf(pause);
  return facts.pauseReadable ? null : { code: "pause-unreadable", values: {} };
}
