import type { SecondaryState } from "../../domain/facts.ts";
import { otherSide, type Side } from "../../domain/group.ts";
import type { LookResult, Observation } from "../../domain/observation.ts";
import { type Policy, quorumOf } from "../../domain/policy.ts";
import type { Sight } from "../../domain/tick-report.ts";
import type { Watch } from "../../domain/watch.ts";
import { CANARY_CODES } from "./classify-sql.ts";
import { NO_CANARY, STORAGE_CODES } from "./judge-look.ts";

/** Are most of the configured vantages answered, and refused? */
export function mostAlive(
  results: readonly (LookResult | null)[],
  policy: Pick<Policy, "vantages">,
): boolean {
  return results.filter((result) => result === "alive").length >= quorumOf(policy);
}

/** What a tick has of a group when it is over. */
interface Seen {
  readonly primary: Side;
  readonly watch: Pick<Watch, "secondary">;
  readonly looks: readonly Observation[];
}

/** What this site knows of the secondary; what it knew of the other side is nothing. */
export function secondaryIn({ primary, watch }: Seen): Pick<SecondaryState, "sql" | "state"> {
  const { secondary } = watch;
  if (secondary?.side === otherSide(primary)) return secondary;
  return { sql: "unknown", state: { kind: "unknown", said: "not-read" } };
}

/** What a site has to say of a group by its newest look. Who sees nothing says nothing of the secondary either. */
export function sightOf(seen: Seen): Sight | null {
  const newest = seen.looks.at(-1);
  if (newest === undefined) return null;
  const { result, code, failedDatabases } = newest;
  return {
    result,
    code,
    isPartial: failedDatabases.length > 0,
    secondary: result === "blind" ? "unknown" : secondaryIn(seen).sql,
  };
}

/** What most vantages are refused, and whether it is the canary alone. */
export type Refusal =
  | { readonly kind: "none" | "unknown" }
  | { readonly kind: "primary" | "canary"; readonly codes: readonly string[] };

/** Is a primary that lives refusing most of those who look? */
export function findRefusal(
  sights: readonly (Sight | null)[],
  policy: Pick<Policy, "vantages">,
): Refusal {
  const refused = sights.filter((sight) => sight !== null).filter(isRefused);
  const unseen = sights.filter((sight) => sight === null || sight.result === "blind").length;
  const needed = quorumOf(policy);
  if (refused.length < needed) {
    return { kind: refused.length + unseen >= needed ? "unknown" : "none" };
  }
  const codes = [...new Set(refused.map(({ code }) => code))].toSorted();
  return { kind: codes.every((code) => CANARY_CODES.includes(code)) ? "canary" : "primary", codes };
}

/** A database that is lost while the rest answers is asked about; failing storage is told at once as well. */
function isRefused({ result, code, isPartial }: Sight): boolean {
  if (STORAGE_CODES.includes(code)) return true;
  return result === "alive" && code !== NO_CANARY && !isPartial;
}
