import { nearest } from "../text/nearest.ts";
import { checkSides, checkUniqueness } from "./check-identity.ts";
import { checkReach } from "./check-reach.ts";
import { checkTiming } from "./check-timing.ts";
import { type Complaint, complain } from "./complaint.ts";
import type { FileParts } from "./parse-file.ts";
import { settleGroup } from "./settled-group.ts";

/** Checks what no single key can be asked: how the parts of a file fit together. */
export function checkFile(parts: FileParts, self: string): readonly Complaint[] {
  const { sites, defaults, groups, tickMs } = parts;
  const settled =
    defaults === null ? [] : groups.map(({ index, entry }) => settleGroup(index, entry, defaults));
  return [
    ...checkTick(tickMs),
    ...groups.flatMap(checkSides),
    ...checkUniqueness(sites ?? [], groups),
    ...settled.flatMap(checkTiming),
    ...(sites === null ? [] : settled.flatMap((group) => checkReach(group, sites))),
    ...(sites === null
      ? []
      : checkSelf(
          sites.map(({ name }) => name),
          self,
        )),
  ];
}

/** A timer trigger can only keep to a tick that divides a minute. */
function checkTick(tickMs: number): readonly Complaint[] {
  if (60_000 % tickMs === 0) return [];
  const write = "PT5S, PT10S, PT15S, PT20S, PT30S or PT1M";
  return [complain(["tick"], "tick-uneven", "does not divide a minute", write)];
}

function checkSelf(names: readonly string[], self: string): readonly Complaint[] {
  if (names.includes(self)) return [];
  const meant = nearest(self, names) ?? `one of ${names.join(", ")}`;
  const what = `do not name this site, GEO_FAILOVER_SITE=${JSON.stringify(self)}`;
  const write = `${meant} in GEO_FAILOVER_SITE, or a site of that name`;
  return [{ path: ["sites"], on: "key", because: "unknown-self", what, write }];
}
