import type { Claim } from "../shared/domain/claim.ts";
import type { KeyPathState } from "../shared/domain/facts.ts";
import type { Group, Side } from "../shared/domain/group.ts";
import type { Incident } from "../shared/domain/incident.ts";
import type { Watch } from "../shared/domain/watch.ts";
import { readClaim } from "../shared/ledger/claims.ts";
import { changeWatch, readWatch } from "../shared/ledger/watches.ts";
import type { KeyAnswer, KeyCheck } from "../shared/ports/key-path.ts";
import type { App } from "./app.ts";
import { within } from "./deadline.ts";
import { secondaryOf } from "./look.ts";

const CALL_MS = 8_000;
const CHECK_AGAIN_MS = 60_000;
/** What is left of the grace when no check begins any more: a POST may be near. */
const POST_NEAR_MS = 45_000;
/** A check that has not ended by now is given up and begun anew. */
const GIVE_UP_MS = 5 * 60_000;

/**
 * Moves the check of the secondary's key path on by one step: begins one when the last proof grows
 * old, polls one that runs. None begins while a claim is open or a grace ends: a POST may be near. While an
 * outage waits out its grace a proof is renewed every minute: what took the primary may take the vault.
 */
export async function checkKey(
  app: App,
  group: Group,
  primary: Side,
  incident: Pick<Incident, "decision"> | null,
): Promise<void> {
  const { own } = app.stores;
  const watch = await readWatch(own, group.name);
  // What it remembers of the key is of the secondary by its own roles, and of no other instance.
  if (watch.primary !== null && watch.primary !== primary) return;
  if (watch.keyCheck === null && (await postMayBeNear(app, group, primary, watch, incident)))
    return;
  const graceRuns = (incident?.decision?.graceLeftMs ?? 0) > POST_NEAR_MS;
  const renewMs = Math.min(group.policy.keyProofMs / 2, graceRuns ? CHECK_AGAIN_MS : Infinity);
  const change = await advanceKeyCheck(app, group, primary, watch, renewMs);
  if (Object.keys(change).length > 0) {
    await changeWatch(own, group.name, (now) =>
      now.primary === watch.primary ? { ...now, ...change } : now,
    );
  }
}

/** A claim is open, or a grace ends for which no other answer is needed: the next round may act. */
async function postMayBeNear(
  app: App,
  group: Group,
  primary: Side,
  watch: Watch,
  incident: Pick<Incident, "decision"> | null,
): Promise<boolean> {
  const { guards = [], graceLeftMs } = incident?.decision ?? {};
  const leftMs = graceLeftMs ?? 0;
  const state = keyPathNow(watch, group, app.ports.clock.now());
  const outlasts =
    state.kind === "proven" && state.ageMs + leftMs + CALL_MS <= group.policy.keyProofMs;
  const lifted = guards.some((one) => /^key-/.test(one.guard) && one.state === "lifted");
  if (leftMs > 0 && leftMs <= POST_NEAR_MS && (outlasts || lifted)) return true;
  return claimIsOpen(app, group, primary);
}

async function claimIsOpen(app: App, group: Group, primary: Side): Promise<boolean> {
  const reading = readClaim(app.stores.target(group, primary), group.name);
  const claim = await within<Claim | null | "unknown">(
    app.ports.clock,
    CALL_MS,
    reading,
    () => "unknown",
  );
  return claim === "unknown" || (claim !== null && claim.state !== "spent");
}

async function advanceKeyCheck(
  app: App,
  group: Group,
  primary: Side,
  watch: Watch,
  renewMs: number,
): Promise<Partial<Watch>> {
  const { clock, keyPath } = app.ports;
  const now = clock.now();
  const secondary = secondaryOf(group, primary);
  const running = watch.keyCheck !== null && now - watch.keyCheck.startedAt < GIVE_UP_MS;
  if (!running && !isDue(watch, group, now, renewMs)) return {};

  const began = watch.keyCheck?.startedAt ?? now;
  const unanswered = (because: string): KeyCheck => ({ kind: "unanswered", because });
  const check =
    running && watch.keyCheck !== null
      ? await within(clock, CALL_MS, keyPath.poll(secondary, watch.keyCheck.pollUrl), unanswered)
      : await within(clock, CALL_MS, keyPath.start(secondary), unanswered);
  switch (check.kind) {
    case "answered":
      return {
        keyPath: { answer: toState(check.answer), answeredAt: clock.now() },
        keyCheckedAt: now,
        keyCheck: null,
      };
    case "running":
      return {
        keyCheckedAt: now,
        keyCheck: { pollUrl: check.pollUrl, startedAt: running ? began : now },
      };
    case "unanswered":
      // An earlier proof stands; a lost poll is polled again.
      return running ? {} : { keyCheckedAt: now, keyCheck: null };
    default:
      return check satisfies never;
  }
}

/** What the watch knows of the key path now, with its age. */
export function keyPathNow(watch: Watch, group: Group, now: number): KeyPathState {
  if (watch.keyPath === null) return { kind: "unknown", because: "never-answered" };
  const { answer, answeredAt } = watch.keyPath;
  const ageMs = now - answeredAt;
  if (ageMs < 0) return { kind: "unknown", because: "clock-was-set-back" };
  switch (answer.kind) {
    case "proven":
      return ageMs > group.policy.keyProofMs
        ? { kind: "unknown", because: "proof-too-old" }
        : { kind: "proven", ageMs };
    case "denied":
      return { ...answer, ageMs };
    case "not-needed":
    case "unknown":
      return answer;
    default:
      return answer satisfies never;
  }
}

function isDue(watch: Watch, group: Group, now: number, renewMs: number): boolean {
  const sinceMs = watch.keyCheckedAt === null ? Number.POSITIVE_INFINITY : now - watch.keyCheckedAt;
  const state = keyPathNow(watch, group, now);
  const restMs = restAfter(state, group, renewMs);
  return sinceMs >= restMs || sinceMs < 0;
}

/** How long the last answer is left alone. */
function restAfter(state: KeyPathState, { policy }: Group, renewMs: number): number {
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

function toState(answer: KeyAnswer): KeyPathState {
  switch (answer.kind) {
    case "proven":
      return { kind: "proven", ageMs: 0 };
    case "denied":
      return { kind: "denied", code: answer.code, ageMs: 0 };
    case "not-needed":
    case "unknown":
      return answer;
    default:
      return answer satisfies never;
  }
}
