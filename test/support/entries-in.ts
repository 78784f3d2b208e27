import type { ActivityEntry } from "../../shared/domain/facts.ts";
import type { ActivityReading } from "../../shared/ports/signals.ts";

/** What the activity log tells, where it was read. */
export async function entriesIn(
  reading: Promise<ActivityReading>,
): Promise<readonly ActivityEntry[]> {
  const read = await reading;
  if (read.kind === "unknown") throw new Error(`Cannot read the activity log: ${read.because}`);
  return read.entries;
}
