import type { Ask } from "../../domain/person.ts";

/** When a person last said no to this incident; null where nobody did, or where somebody has approved since. The same ask may come once from each store. */
export function findDenial(asks: readonly Ask[], incidentId: string | null): number | null {
  const answered = asks.filter(
    (ask) => ask.incidentId === incidentId && ask.purpose === "fail-over",
  );
  const newest = (answer: Ask["answer"]): number =>
    Math.max(
      -Infinity,
      ...answered
        .filter((ask) => ask.answer === answer)
        .map(({ answeredAt, askedAt }) => answeredAt ?? askedAt),
    );
  const deniedAt = newest("denied");
  return deniedAt > -Infinity && deniedAt >= newest("approved") ? deniedAt : null;
}
