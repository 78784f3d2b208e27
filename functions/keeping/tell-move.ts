import type { OutgoingEvent } from "../../shared/domain/event.ts";
import type { Failback } from "../../shared/domain/failback.ts";
import { otherSide } from "../../shared/domain/group.ts";
import { claimIn } from "../../shared/ledger/claims.ts";
import type { GroupLedger } from "../../shared/ledger/group-ledger.ts";
import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import type { App } from "../app.ts";
import { sayEvent } from "../telling/say-event.ts";
import { eventId, sendOnceAmongTicks } from "../telling/send-once.ts";

/** For so long after a failover it is looked whether people have heard of it. */
const TELL_MS = 60 * 60_000;

/**
 * Tells of a failover once more, under the same ids, where nobody could be told when it happened: its motor has ended
 * by then. What was heard is not sent again.
 */
export async function tellMove(
  app: App,
  ledger: GroupLedger,
  { awayOn, incidentId, failedOverAt, verified }: Failback,
  rows: readonly LiveRows[],
): Promise<void> {
  const { group } = ledger;
  const now = app.ports.clock.now();
  if (now - failedOverAt >= TELL_MS) return;
  const [primary, target] = [group[otherSide(awayOn)], group[awayOn]];
  // Where the request was kept, and what was told of it.
  const book = ledger.target(otherSide(awayOn));
  const kept = rows.find((each) => each.book === book);
  const claim = kept === undefined ? null : valueOrNull(claimIn(kept));
  if (claim?.incidentId !== incidentId || claim.spentBecause !== "moved") return;
  const key = `${claim.epoch}`;
  for (const type of verified
    ? (["failed-over", "writable"] as const)
    : (["failed-over"] as const)) {
    const announcement = { type, key, urgent: true };
    const event: OutgoingEvent = {
      id: eventId(incidentId, type, key),
      type,
      group: group.name,
      incidentId,
      at: now,
      urgent: true,
      text: sayEvent({
        ...{ announcement, group: group.name, purpose: "fail-over", primary, target },
        ...{ decision: null, onsetAt: null, loss: null, standing: [] },
        ...{ seen: null, newest: null, decidedAt: null, unanswered: { kind: "waits" } as const },
        ...{ heldBack: [], turned: null, refusals: 0 },
        ...{ workId: incidentId, site: app.config.self.name },
      }),
      data: { primary: primary.name, target: target.name, targetRegion: target.region },
    };
    // Who has not heard that it moved is not told that it is writable.
    if ((await sendOnceAmongTicks(app, book, event, claim.takenAt)) === "failed") return;
  }
}
