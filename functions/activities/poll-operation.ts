import type * as z from "zod";
import type { pollOperation as contract } from "../../orchestrations/contracts.ts";
import type { Claim } from "../../shared/domain/claim.ts";
import type { GroupState } from "../../shared/domain/facts.ts";
import { changeClaim, readClaim, spendClaim } from "../../shared/ledger/claims.ts";
import { changeIncident } from "../../shared/ledger/incidents.ts";
import { changeWatch } from "../../shared/ledger/watches.ts";
import type { PollAnswer } from "../../shared/ports/failover-groups.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";
import { type Grip, grip } from "../motor.ts";
import { noteAttemptEnded } from "../note-attempt.ts";
import { readGroup } from "../read-roles.ts";
import { writeAudit } from "../write-audit.ts";

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** A claim without a definite answer is spent when the target side has been quiet for this long. */
const QUIET_MS = 120_000;
/** A planned failover that runs longer raises the alarm; it can be neither cancelled nor overtaken. */
const SLOW_MS = 120_000;
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
    if (claim.state === "intent") {
      // Its motor died between claiming and sending; whoever still holds it finds it spent.
      await spend(app, held, input, "not-sent", null);
      return { kind: "not-moved" };
    }
    const state = await readGroup(app, held.group, held.expectedPrimary);
    if (state.kind === "read" && state.targetRole === "primary") return moved(app, held, input);
    return operation(app, held, input, claim, state);
  };
}

async function moved(app: App, held: Grip, input: Input): Promise<Output> {
  const now = app.ports.clock.now();
  await changeIncident(held.store, input, (row) => ({
    ...row,
    phases: { ...row.phases, movedAt: row.phases.movedAt ?? now },
  }));
  await changeWatch(app.stores.own, held.group.name, (watch) => ({
    ...watch,
    primary: held.target,
    lastRoleChangeAt: now,
  }));
  await spend(app, held, input, "moved", null);
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
  const target = held.group[held.target];
  const answer: PollAnswer =
    claim.pollUrl === null
      ? { kind: "unknown", because: "no-poll-url" }
      : await within<PollAnswer>(
          clock,
          CALL_MS,
          failoverGroups.poll({ target, pollUrl: claim.pollUrl }),
          (because) => ({ kind: "unknown", because }),
        );
  const slow = claim.kind === "planned" && clock.now() - (claim.sentAt ?? claim.takenAt) > SLOW_MS;
  switch (answer.kind) {
    case "running":
      return { kind: "running", pollAfterMs: answer.retryAfterMs, slow };
    case "failed": {
      await spend(app, held, input, "ended-in-error", answer.code);
      await noteAttemptEnded(held, input, claim, answer.code, clock.now());
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
  slow: boolean,
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
  const quiet = unmoved && !/failover/i.test(state.replicationState) && running.kind === "none";
  const quietSinceAt = quiet ? Math.min(claim.quietSinceAt ?? now, now) : null;
  if (quietSinceAt !== null && now - quietSinceAt >= QUIET_MS) {
    await spend(app, held, input, "reconciled-not-moved", null);
    await noteAttemptEnded(held, input, claim, "no-answer", now);
    return { kind: "not-moved" };
  }
  const work = { group: held.group.name, epoch: input.epoch };
  await changeClaim(held.store, work, (row) => ({ ...row, quietSinceAt }));
  return { kind: "running", pollAfterMs: AGAIN_MS, slow };
}

async function spend(
  app: App,
  held: Grip,
  input: Input,
  because: Parameters<typeof spendClaim>[2],
  code: string | null,
): Promise<void> {
  const work = { group: held.group.name, epoch: input.epoch };
  const claim = await spendClaim(held.store, work, because, app.ports.clock.now(), code);
  await writeAudit(app, held.store, {
    group: held.group.name,
    incidentId: input.incidentId,
    action: `claim-${because}`,
    key: String(input.epoch),
    rule: null,
    receiptId: claim?.decisionId ?? null,
    actor: "geo-failover",
    detail: { code },
  });
}
