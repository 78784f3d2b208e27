import type { Claim } from "../../shared/domain/claim.ts";
import type { KeyPathState } from "../../shared/domain/facts.ts";
import type { Group, Side } from "../../shared/domain/group.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import type { Watch } from "../../shared/domain/watch.ts";
import { readClaim } from "../../shared/ledger/claims.ts";
import { changeWatch, readWatch } from "../../shared/ledger/watches.ts";
import {
  graceEndsProven,
  isKeyCheckDue,
  renewAfterMs,
} from "../../shared/policy/evidence/key-proof.ts";
import type { KeyAnswer, KeyCheck } from "../../shared/ports/key-path.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";
import { secondaryOf } from "./look.ts";

const CALL_MS = 8_000;
/** A check that has not ended by now is given up and begun anew. */
const GIVE_UP_MS = 5 * 60_000;

/**
 * Moves the check of the secondary's key path on by one step: begins one when the last proof grows
 * old, polls one that runs. None begins while a claim is open or a grace ends: a POST may be near. While an
 * outage waits out its grace a proof is renewed every minute: what took the primary may take the vault.
 */
export async function advanceKeyCheck(
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
  const renewMs = renewAfterMs(incident?.decision ?? null, group.policy);
  const change = await stepKeyCheck(app, group, primary, watch, renewMs);
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
  const decision = incident?.decision ?? null;
  if (graceEndsProven(watch, decision, group.policy, app.ports.clock.now())) return true;
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

async function stepKeyCheck(
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
  if (!running && !isKeyCheckDue(watch, group.policy, now, renewMs)) return {};

  const began = watch.keyCheck?.startedAt ?? now;
  const unanswered = (because: string): KeyCheck => ({ kind: "unanswered", because });
  const check =
    running && watch.keyCheck !== null
      ? await within(clock, CALL_MS, keyPath.poll(secondary, watch.keyCheck.ticket), unanswered)
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
        keyCheck: { ticket: check.ticket, startedAt: running ? began : now },
      };
    case "unanswered":
      // An earlier proof stands; a lost poll is polled again.
      return running ? {} : { keyCheckedAt: now, keyCheck: null };
    default:
      return check satisfies never;
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
