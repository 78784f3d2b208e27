import type { Reason } from "../../domain/decision.ts";
import type { Pause } from "../../domain/person.ts";

/** A pause of this scope covers every group. */
export const EVERY_SCOPE = "*";

/** The pauses that cover the group now. */
export function standingPauses(
  pauses: readonly Pause[],
  group: string,
  now: number,
): readonly Pause[] {
  return pauses.filter(
    ({ scope, expiresAt }) =>
      (scope === group || scope === EVERY_SCOPE) && (expiresAt === null || now < expiresAt),
  );
}

/** A pause as the reason for which nothing acts. */
export function reasonOf({ scope, owner, expiresAt }: Pause): Reason {
  return { code: "paused", values: { scope, owner, expiresAt } };
}
