import type { Group } from "../../shared/domain/group.ts";
import type { Clock } from "../../shared/ports/clock.ts";

interface Shared<T> {
  readonly answer: Promise<T>;
  readonly startedAt: number;
  endedAt: number | null;
}

/** Work that takes longer hangs: whoever comes then begins it anew, or one that never ends would blind us. */
const HANGS_MS = 30_000;

/**
 * Makes one piece of work a group of many calls: whoever asks while it is under way, or up to `goodForMs`
 * after its end, gets its answer. Readers cannot multiply what we ask of the world. A failure is not kept.
 */
export function shareAnswers<T>(
  clock: Clock,
  goodForMs: number,
  work: (group: Group) => Promise<T>,
): (group: Group) => Promise<T> {
  const shared = new Map<string, Shared<T>>();
  const isGood = ({ startedAt, endedAt }: Shared<T>): boolean => {
    const ageMs = clock.now() - (endedAt ?? startedAt);
    return ageMs >= 0 && ageMs < (endedAt === null ? HANGS_MS : goodForMs);
  };
  return async (group) => {
    const known = shared.get(group.name);
    if (known !== undefined && isGood(known)) return known.answer;
    const begun: Shared<T> = { answer: work(group), startedAt: clock.now(), endedAt: null };
    shared.set(group.name, begun);
    try {
      return await begun.answer;
    } catch (error) {
      if (shared.get(group.name) === begun) shared.delete(group.name);
      throw error;
    } finally {
      begun.endedAt = clock.now();
    }
  };
}
