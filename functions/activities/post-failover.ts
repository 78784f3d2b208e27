import type * as z from "zod";
import type { postFailover as contract } from "../../orchestrations/contracts.ts";
import type { Claim } from "../../shared/domain/claim.ts";
import { otherSide } from "../../shared/domain/group.ts";
import { changeClaim, readClaim, sendClaim, spendClaim } from "../../shared/ledger/claims.ts";
import { changeIncident } from "../../shared/ledger/incidents.ts";
import { pausesIn } from "../../shared/ledger/people.ts";
import type { ErrorClass, PostAnswer } from "../../shared/ports/failover-groups.ts";
import type { App } from "../app.ts";
import { auditClaim } from "../keeping/audit-claim.ts";
import { type Grip, grip } from "../keeping/motor.ts";
import { noteAttemptEnded } from "../keeping/note-attempt.ts";
import { readGroup } from "../seeing/read-roles.ts";

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** How long to leave Azure alone after a POST that it did not answer. */
const UNANSWERED_MS = 10_000;
const FOR_A_PERSON_MS = 5 * 60_000;

/**
 * Sends the one POST of a claim. Looks at pause and roles again first; the step to `sent` is written
 * before the POST leaves, so a second run of this activity, or a late one, sends nothing.
 */
export function createPostFailover(app: App) {
  return async (input: Input): Promise<Output> => {
    const held = await grip(app, input);
    if (held === null) return { kind: "superseded" };
    const { group, store } = held;

    const obstacle = await obstacleNow(app, held);
    if (obstacle !== null) return abandon(app, held, input, obstacle);
    const now = app.ports.clock.now();
    const work = { group: group.name, epoch: input.epoch, holder: app.config.self.name };
    const claim = await sendClaim(store, work, now);
    if (claim === null) return abandon(app, held, input, await stateOf(held, input.epoch));

    await auditClaim(app, held, claim, "post-sent");
    if (!(await mayStillLeave(app, held, input, claim))) {
      await auditClaim(app, held, claim, "post-not-sent", { because: "too-late" });
      await spendClaim(store, work, "not-sent", app.ports.clock.now());
      return { kind: "not-sent", because: "too-late" };
    }
    const answer = await app.ports.failoverGroups.failOver({
      group: group.name,
      from: group[otherSide(claim.target)],
      to: group[claim.target],
      kind: claim.kind,
    });
    return settleAnswer(app, held, input, claim, answer);
  };
}

/** The last look before the POST: a process that stood still meanwhile sends nothing. */
async function mayStillLeave(app: App, held: Grip, input: Input, claim: Claim): Promise<boolean> {
  const postedAt = app.ports.clock.now();
  const current =
    held.incident === null ||
    (await changeIncident(held.store, input, (row) => ({
      ...row,
      phases: { ...row.phases, postedAt },
    }))) !== null;
  return current && app.ports.clock.now() <= claim.notAfter;
}

/** Something changed in the seconds since the decision: better no POST than one too many. */
async function obstacleNow(app: App, held: Grip): Promise<string | null> {
  const { group, store, expectedPrimary } = held;
  const pauses = await pausesIn(store, group.name, app.ports.clock.now());
  if (pauses.length > 0) return "paused";
  const state = await readGroup(app, group, expectedPrimary);
  if (state.kind === "unknown") return "roles-unknown";
  return state.targetRole === "secondary" ? null : "roles-moved";
}

async function stateOf(held: Grip, epoch: number): Promise<string> {
  const claim = await readClaim(held.store, held.group.name);
  if (claim === null || claim.epoch !== epoch) return "claim-replaced";
  return claim.state === "intent" ? "claim-expired-or-not-ours" : `claim-${claim.state}`;
}

async function abandon(app: App, held: Grip, input: Input, because: string): Promise<Output> {
  const { group, store } = held;
  const claim = await readClaim(store, group.name);
  if (claim !== null && claim.epoch === input.epoch && claim.state === "intent") {
    const now = app.ports.clock.now();
    await auditClaim(app, held, claim, "post-not-sent", { because });
    await spendClaim(store, { group: group.name, epoch: input.epoch }, "not-sent", now);
  }
  return { kind: "not-sent", because };
}

async function settleAnswer(
  app: App,
  held: Grip,
  input: Input,
  claim: Claim,
  answer: PostAnswer,
): Promise<Output> {
  const { group, store } = held;
  const now = app.ports.clock.now();
  const work = { group: group.name, epoch: input.epoch };
  switch (answer.kind) {
    case "accepted": {
      const { ticket, retryAfterMs } = answer;
      await changeClaim(store, work, (row) => ({ ...row, acceptedAt: now, ticket }));
      await changeIncident(store, input, (row) => ({
        ...row,
        phases: { ...row.phases, acceptedAt: now },
      }));
      await auditClaim(app, held, claim, "post-accepted");
      return { kind: "sent", pollAfterMs: retryAfterMs };
    }
    case "unanswered":
      await auditClaim(app, held, claim, "post-unanswered", { because: answer.because });
      return { kind: "sent", pollAfterMs: UNANSWERED_MS };
    case "refused": {
      const { code, errorClass, message } = answer;
      const retryAfterMs = Math.max(answer.retryAfterMs, patienceMs(errorClass));
      // Written down first: whoever finds the claim spent finds the rest done.
      await auditClaim(app, held, claim, "post-refused", { code, message });
      if (errorClass === "escalate-by-policy") {
        await noteAttemptEnded(held, input, claim, code, now);
      }
      await spendClaim(store, work, "refused", now, { code, retryAfterMs });
      return { kind: "refused", code, errorClass };
    }
    default:
      return answer satisfies never;
  }
}

/** What only a person can mend is not asked of Azure again every few seconds. */
function patienceMs(errorClass: ErrorClass): number {
  return errorClass === "page-a-human" || errorClass === "bug" ? FOR_A_PERSON_MS : 0;
}
