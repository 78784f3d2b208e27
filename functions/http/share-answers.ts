import type { Group } from "../../shared/domain/group.ts";
import type { Clock } from "../../shared/ports/clock.ts";

interface Shared<T> {
  readonly answer: Promise<T>;
  endedAt: number | null;
}

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
  const isGood = ({ endedAt }: Shared<T>): boolean => {
    const ageMs = endedAt === null ? 0 : clock.now() - endedAt;
    return endedAt === null || (ageMs >= 0 && ageMs < goodForMs);
  };
  return async (group) => {
    const known = shared.get(group.name);
    if (known !== undefined && isGood(known)) return known.answer;
    const begun: Shared<T> = { answer: work(group), endedAt: null };
    shared.set(group.name, begun);
    try {
      return await begun.answer;
    } catch (error) {
      shared.delete(group.name);
      throw error;
    } finally {
      begun.endedAt = clock.now();
    }
  };
}
