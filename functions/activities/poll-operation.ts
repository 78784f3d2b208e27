import type * as z from "zod";
import type { pollOperation as contract } from "../../orchestrations/contracts.ts";
import type { Claim } from "../../shared/domain/claim.ts";
import type { GroupState } from "../../shared/domain/facts.ts";
import { forgetSecondary } from "../../shared/domain/watch.ts";
import { changeClaim, readClaim, spendClaim } from "../../shared/ledger/claims.ts";
import { changeIncident } from "../../shared/ledger/incidents.ts";
import { changeWatch } from "../../shared/ledger/watches.ts";
import type { PollAnswer } from "../../shared/ports/failover-groups.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";
import { auditClaim } from "../keeping/audit-claim.ts";
import { type Grip, grip } from "../keeping/motor.ts";
import { noteAttemptEnded } from "../keeping/note-attempt.ts";
import { readGroup } from "../seeing/read-roles.ts";

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** A claim without a definite answer is spent when the target side has been quiet for this long. */
const QUIET_MS = 120_000;
/** A failover that runs longer raises the alarm; it can be neither cancelled nor overtaken. */
const SLOW_MS = 120_000;
const ALARM_MS = 10 * 60_000;
/** Longer than any motor takes from claim to POST, on whatever clock. */
const ABANDONED_MS = 60_000;
/** A motor that waits longer looks dead. */
const POLL_MAX_MS = 20_000;
const CALL_MS = 10_000;
const AGAIN_MS = 10_000;

/** Looks once at how a sent claim has ended: by the roles first, by the operation second. Safe to repeat. */
export function createPollOperation(app: App) {
  return async (input: Input): Promise<Output> => {
    const held = await grip(app, input);
    if (held === null) return { kind: "superseded" };
    const claim = await readClaim(held.store, held.group.name);
    if (claim === null || claim.epoch !== input.epoch) {
      return { kind: "spent-already", because: "claim-replaced" };
    }
    if (claim.state === "spent") {
      if (claim.spentBecause === "moved") return { kind: "moved" };
      return { kind: "spent-already", because: claim.spentBecause ?? "unknown" };
    }
    if (claim.state === "intent") return abandoned(app, held, claim);
    const state = await readGroup(app, held.group, held.expectedPrimary);
    if (state.kind === "read" && state.targetRole === "primary") {
      return moved(app, held, input, claim);
    }
    return operation(app, held, input, claim, state);
  };
}

/** Its motor died between claiming and sending. Another site's may still be about to send: until its time is up. */
async function abandoned(app: App, held: Grip, claim: Claim): Promise<Output> {
  const now = app.ports.clock.now();
  const mine = claim.holder === app.config.self.name;
  const waitedMs = now - claim.takenAt;
  if (!mine && waitedMs >= 0 && waitedMs < ABANDONED_MS) {
    return { kind: "running", pollAfterMs: AGAIN_MS, slow: null };
  }
  await spend(app, held, claim, "not-sent");
  return { kind: "not-moved" };
}

async function moved(app: App, held: Grip, input: Input, claim: Claim): Promise<Output> {
  const now = app.ports.clock.now();
  await changeIncident(held.store, input, (row) => ({
    ...row,
    phases: { ...row.phases, movedAt: row.phases.movedAt ?? now },
  }));
  await changeWatch(app.stores.own, held.group.name, (watch) => ({
    ...forgetSecondary(watch),
    primary: held.target,
    lastRoleChangeAt: now,
  }));
  await spend(app, held, claim, "moved");
  return { kind: "moved" };
}

async function operation(
  app: App,
  held: Grip,
  input: Input,
  claim: Claim,
  state: GroupState,
): Promise<Output> {
  const { clock, failoverGroups } = app.ports;
  const to = held.group[held.target];
  const answer: PollAnswer =
    claim.ticket === null
      ? { kind: "unknown", because: "no-ticket" }
      : await within<PollAnswer>(
          clock,
          CALL_MS,
          failoverGroups.poll({ to, ticket: claim.ticket }),
          (because) => ({ kind: "unknown", because }),
        );
  const slow = slowness(clock.now() - (claim.sentAt ?? claim.takenAt));
  switch (answer.kind) {
    case "running":
      return { kind: "running", pollAfterMs: Math.min(answer.retryAfterMs, POLL_MAX_MS), slow };
    case "failed": {
      await noteAttemptEnded(held, input, claim, answer.code, clock.now());
      await spend(app, held, claim, "ended-in-error", answer.code);
      return { kind: "ended", code: answer.code, errorClass: answer.errorClass };
    }
    case "succeeded":
    case "unknown":
      return reconcile(app, held, input, claim, state, slow);
    default:
      return answer satisfies never;
  }
}

/** No word of the operation itself: the claim is spent once the target side has been quiet long enough. */
async function reconcile(
  app: App,
  held: Grip,
  input: Input,
  claim: Claim,
  state: GroupState,
  slow: number | null,
): Promise<Output> {
  const { clock, instances } = app.ports;
  const running = await within(
    clock,
    CALL_MS,
    instances.runningOperation(held.group[held.target]),
    (because) => ({ kind: "unknown" as const, because }),
  );
  const now = clock.now();
  const unmoved = state.kind === "read" && state.targetRole === "secondary";
  const quiet = unmoved && state.replication.kind !== "moving" && running.kind === "none";
  const quietSinceAt = quiet ? Math.min(claim.quietSinceAt ?? now, now) : null;
  if (quietSinceAt !== null && now - quietSinceAt >= QUIET_MS) {
    await spend(app, held, claim, "reconciled-not-moved");
    return { kind: "not-moved" };
  }
  const work = { group: held.group.name, epoch: input.epoch };
  await changeClaim(held.store, work, (row) => ({ ...row, quietSinceAt }));
  return { kind: "running", pollAfterMs: AGAIN_MS, slow };
}

/** Which alarm is due: the first after two minutes, then one for every ten. */
function slowness(sinceMs: number): number | null {
  return sinceMs > SLOW_MS ? Math.floor(sinceMs / ALARM_MS) : null;
}

/** Written down before it is spent: whoever finds the claim spent finds the audit complete. */
async function spend(
  app: App,
  held: Grip,
  claim: Claim,
  because: Parameters<typeof spendClaim>[2],
  code: string | null = null,
): Promise<void> {
  await auditClaim(app, held, claim, `claim-${because}`, { code });
  const work = { group: held.group.name, epoch: claim.epoch };
  await spendClaim(held.store, work, because, app.ports.clock.now(), { code, retryAfterMs: 0 });
}
