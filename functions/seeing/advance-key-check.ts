import type { Claim } from "../../shared/domain/claim.ts";
import type { KeyPathState } from "../../shared/domain/facts.ts";
import { type Group, otherSide, type Side } from "../../shared/domain/group.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import type { KeyProof } from "../../shared/domain/watch.ts";
import type { GroupLedger } from "../../shared/ledger/group-ledger.ts";
import { keyProofIn, type OwnView } from "../../shared/ledger/own-view.ts";
import type { Reading } from "../../shared/ledger/reading.ts";
import { keepKeyProof } from "../../shared/ledger/watches.ts";
import {
  graceEndsProven,
  isKeyCheckDue,
  renewAfterMs,
} from "../../shared/policy/evidence/key-proof.ts";
import type { KeyAnswer } from "../../shared/ports/key-path.ts";
import type { App } from "../app.ts";

/** A check that has not ended by now is given up and begun anew. */
const GIVE_UP_MS = 5 * 60_000;

/**
 * Moves the check of the secondary's key path on by one step: begins one when the last proof grows
 * old, polls one that runs. None begins while a claim is open or a grace ends: a POST may be near. While an
 * outage waits out its grace a proof is renewed every minute: what took the primary may take the vault.
 * Returns what is known afterwards.
 */
export async function advanceKeyCheck(
  app: App,
  ledger: GroupLedger,
  view: OwnView,
  near: {
    readonly primary: Side;
    readonly incident: Pick<Incident, "decision"> | null;
    /** The newest claim, as the store of the region failed over to shows it. */
    readonly claim: Reading<Claim>;
  },
): Promise<KeyProof> {
  const { primary, incident } = near;
  const side = otherSide(primary);
  const proof = keyProofIn(view, side);
  // What it remembers of the key is of the secondary by its own roles, and of no other instance.
  if (view.primary !== null && view.primary !== primary) return proof;
  if (proof.keyCheck === null && postMayBeNear(app, ledger.group, proof, near)) return proof;
  const renewMs = renewAfterMs(incident?.decision ?? null, ledger.group.policy);
  const change = await stepKeyCheck(app, ledger.group, proof, renewMs);
  if (Object.keys(change).length === 0) return proof;
  const after = { ...proof, ...change };
  await keepKeyProof(view, after);
  return after;
}

/** A claim is open, or a grace ends for which no other answer is needed: the next round may act. */
function postMayBeNear(
  app: App,
  { policy }: Group,
  proof: KeyProof,
  { incident, claim }: { incident: Pick<Incident, "decision"> | null; claim: Reading<Claim> },
): boolean {
  const decision = incident?.decision ?? null;
  if (graceEndsProven(proof, decision, policy, app.ports.clock.now())) return true;
  return claim.kind === "read" ? claim.value.state !== "spent" : claim.kind !== "none";
}

async function stepKeyCheck(
  app: App,
  group: Group,
  proof: KeyProof,
  renewMs: number,
): Promise<Partial<KeyProof>> {
  const { clock, keyPath } = app.ports;
  const now = clock.now();
  const secondary = group[proof.side];
  const running = proof.keyCheck !== null && now - proof.keyCheck.startedAt < GIVE_UP_MS;
  if (!running && !isKeyCheckDue(proof, group.policy, now, renewMs)) return {};

  const began = proof.keyCheck?.startedAt ?? now;
  const check =
    running && proof.keyCheck !== null
      ? await keyPath.poll(secondary, proof.keyCheck.ticket)
      : await keyPath.start(secondary);
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
