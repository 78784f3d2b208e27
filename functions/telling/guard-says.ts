import { GUARDS } from "../../shared/policy/guards/guards.ts";

/** The sentence of a guard. */
export function guardSays(id: string): string {
  const rows = [...GUARDS.absolute, ...GUARDS.liftable];
  return rows.find(({ guard }) => guard === id)?.says ?? id;
}
