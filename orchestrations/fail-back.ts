import type { OrchestrationContext } from "durable-functions";
import { lookAndDecide, notify, record, Work } from "./contracts.ts";
import { run, type Steps } from "./durable.ts";
import { follow } from "./fail-over.ts";
import { carryOut, UNDER_WAY } from "./incident.ts";

/**
 * One look at the way home, and the planned failover if the rules say that it is time. Started by
 * the tick as often as needed; it never waits for anything but an operation that it has started.
 */
export function* failBack(context: OrchestrationContext): Steps<void> {
  const work = Work.parse(context.df.getInput());
  const seen = yield* run(context, lookAndDecide, work);
  if (seen.kind === "superseded") return;
  if (seen.kind === "decided" && seen.announce !== null) {
    yield* run(context, notify, { ...work, announcement: seen.announce });
  }
  const end =
    seen.kind === "follow"
      ? yield* follow(context, work, UNDER_WAY, { epoch: seen.epoch, pollAfterMs: 0 })
      : yield* carryOut(context, work, seen);
  if (end !== "failed-over") return;

  const announcement = { type: "failed-back" as const, key: "done", urgent: false };
  yield* run(context, notify, { ...work, announcement });
  const entry = {
    kind: "closed" as const,
    end,
    rule: seen.kind === "follow" ? UNDER_WAY.rule : seen.rule,
  };
  yield* run(context, record, { ...work, entry });
}
