import type { Site } from "../domain/group.ts";
import { settingSuffix } from "./table-store/store-address.ts";

/**
 * The function keys that other sites want to see, from settings named `GEO_FAILOVER_KEY_<SITE>`, where
 * the site is in capitals with `_` for `-`. Null where there is none: the site may want none.
 */
export function createFunctionKeys(
  env: Readonly<Record<string, string | undefined>>,
): (site: Site) => string | null {
  return (site) => env[`GEO_FAILOVER_KEY_${settingSuffix(site)}`] || null;
}
