import type * as z from "zod";
import type { pollOperation as contract } from "../../orchestrations/contracts.ts";
import type { Claim, SpentBecause } from "../../shared/domain/claim.ts";
import type { GroupState } from "../../shared/domain/facts.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import { forgetInstances, type Watch } from "../../shared/domain/watch.ts";
import { changeClaim, claimIn, spendClaim } from "../../shared/ledger/claims.ts";
import { readOwn } from "../../shared/ledger/group-ledger.ts";
import { changeIncident } from "../../shared/ledger/incidents.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import { keepRoleChange, keepWatch } from "../../shared/ledger/watches.ts";
import { isQuietEnough } from "../../shared/policy/evidence/follow-claim.ts";
import type { PollAnswer } from "../../shared/ports/failover-groups.ts";
import type { App } from "../app.ts";
import { type Grip, grip } from "../keeping/motor.ts";
import { noteAttemptEnded } from "../keeping/note-attempt.ts";
import { readGroup } from "../seeing/read-roles.ts";
import { auditClaim } from "../telling/write-audit.ts";

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** A failover that runs longer raises the alarm; it can be neither cancelled nor overtaken. */
const SLOW_MS = 120_000;
const ALARM_MS = 10 * 60_000;
/** Longer than any motor takes from claim to POST, on whatever clock. */
const ABANDONED_MS = 60_000;
const AGAIN_MS = 10_000;

/** Looks once at how a sent claim has ended: by the roles first, by the operation second. Safe to repeat. */
export function createPollOperation(app: App) {
  return async (input: Input): Promise<Output> => {
    const held = await grip(app, input);
    if (held === null) return { kind: "superseded" };
    const reading = claimIn(held.rows);
    if (reading.kind === "unreadable")
      throw new Error(`Cannot follow ${held.group.name}: its claim cannot be read`);
    const claim = valueOrNull(reading);
    if (claim === null || claim.epoch !== input.epoch) {
      return { kind: "spent-already", because: "claim-replaced" };
    }
    if (claim.state === "spent" && claim.spentBecause !== "moved") {
      return { kind: "spent-already", because: claim.spentBecause ?? "unknown" };
    }
    if (claim.state === "intent") return abandoned(app, held, claim);
    const state = await readGroup(app, held.group, held.expectedPrimary);
    if (state.kind === "read" && state.targetRole === "primary") {
      return moved(app, held, claim);
    }
    // What it moved may have been moved again since: that is no news of the roles, only of the claim.
    if (claim.state === "spent") return { kind: "moved" };
    return operation(app, held, claim, state);
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
  await spend(app, held, claim, { because: "not-sent" });
  return { kind: "not-moved" };
}

/** Done again whenever it is found, since whoever found it first may have died of it. */
async function moved(app: App, held: Grip, claim: Claim): Promise<Output> {
  const now = claim.spentAt ?? app.ports.clock.now();
  // What is written there from before this request was left was another move, which was undone.
  const since = claim.sentAt ?? claim.takenAt;
  const isOfThis = (movedAt: number | null): boolean => movedAt !== null && movedAt >= since;
  const move = (row: Incident): Incident => ({
    ...row,
    phases: { ...row.phases, movedAt: isOfThis(row.phases.movedAt) ? row.phases.movedAt : now },
  });
  if (held.incident !== null) await changeIncident(held.book, held.work, move, held.known);
  await rememberMove(held, now);
  if (claim.state !== "spent") await spend(app, held, claim, { because: "moved" });
  return { kind: "moved" };
}

/** This site has seen the roles change: nobody needs to find it out by looking. */
async function rememberMove({ ledger, target }: Grip, at: number): Promise<void> {
  const view = await readOwn(ledger);
  const kept = await keepRoleChange(view, { primary: target, at });
  // Without the instant the change itself is not remembered either: the next tick sees both.
  if (!kept) return;
  const moved = (watch: Watch): Watch => ({ ...forgetInstances(watch), primary: target });
  await keepWatch(view, moved);
}

async function operation(app: App, held: Grip, claim: Claim, state: GroupState): Promise<Output> {
  const { clock, failoverGroups } = app.ports;
  const to = held.group[held.target];
  const answer: PollAnswer =
    claim.ticket === null
      ? { kind: "unknown", because: "no-ticket" }
      : await failoverGroups.poll({ to, ticket: claim.ticket });
  const slow = slowness(clock.now() - (claim.sentAt ?? claim.takenAt));
  switch (answer.kind) {
    case "running":
      return { kind: "running", pollAfterMs: answer.retryAfterMs, slow };
    case "failed": {
      const { code } = answer;
      await noteAttemptEnded(held, claim, code, clock.now());
      await spend(app, held, claim, { because: "ended-in-error", code });
      return { kind: "ended", code };
    }
    case "succeeded":
    case "unknown":
      return reconcile(app, held, claim, { state, slow });
    default:
      return answer satisfies never;
  }
}

/** No word of the operation itself: the claim is spent once the target side has been quiet long enough. */
async function reconcile(
  app: App,
  held: Grip,
  claim: Claim,
  seen: { readonly state: GroupState; readonly slow: number | null },
): Promise<Output> {
  const { state, slow } = seen;
  const { clock, instances } = app.ports;
  const running = await instances.runningOperation(held.group[held.target]);
  const now = clock.now();
  const unmoved = state.kind === "read" && state.targetRole === "secondary";
  const quiet = unmoved && state.replication.kind !== "moving" && running.kind === "none";
  const quietBy = app.config.self.name;
  // What another site's clock said is no instant on ours: its quiet time begins anew here.
  const since = claim.quietBy === quietBy ? (claim.quietSinceAt ?? now) : now;
  const quietSinceAt = quiet ? Math.min(since, now) : null;
  if (quietSinceAt !== null && isQuietEnough(claim, now - quietSinceAt)) {
    await spend(app, held, claim, { because: "reconciled-not-moved" });
    return { kind: "not-moved" };
  }
  await changeClaim(held.book, claim.epoch, (row) => ({ ...row, quietSinceAt, quietBy }));
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
  { because, code = null }: { readonly because: SpentBecause; readonly code?: string | null },
): Promise<void> {
  await auditClaim(app, held, claim, { action: `claim-${because}`, detail: { code } });
  const at = app.ports.clock.now();
  await spendClaim(held.book, claim.epoch, { because, at, code });
}
