import { type Complaint, complain } from "./complaint.ts";
import type { FileParts } from "./parse-file.ts";
import { settleGroup } from "./settled-group.ts";

/** Checks that whoever is asked can answer: the token of an ask goes to the webhook and nowhere else. */
export function checkChannel({ defaults, groups, webhook }: FileParts): readonly Complaint[] {
  if (webhook !== null || defaults === null) return [];
  return groups.flatMap(({ index, entry }) => {
    const { settings, blame } = settleGroup(index, entry, defaults);
    if (settings.mode !== "approve") return [];
    const what = "asks before it acts, and without notify.webhook nobody could ever answer";
    const write = "notify: { webhook: env:GEO_FAILOVER_WEBHOOK } at the top, or mode: observe";
    return [complain(blame(["mode"]), "approve-without-webhook", what, write)];
  });
}
