import { within } from "../../functions/deadline.ts";
import { askAll, OVERALL_MS } from "./ask-all.ts";
import { checkCanary } from "./check-canary.ts";
import { checkChanges } from "./check-changes.ts";
import { decisionNow, sayDecision, temper } from "./check-decision.ts";
import { checkKey } from "./check-key.ts";
import { checkLoss } from "./check-loss.ts";
import { checkPlaces } from "./check-places.ts";
import { checkRights } from "./check-rights.ts";
import { checkRoles } from "./check-roles.ts";
import { checkSites } from "./check-sites.ts";
import type { Finding } from "./finding.ts";
import type { Inquiry } from "./inquiry.ts";

/** Every check of one group, side by side, in the order of the table. Ends within half a minute. */
export async function checkEverything(inquiry: Inquiry): Promise<readonly Finding[]> {
  const { clock } = inquiry.reads;
  const questions = [
    ...checkRoles(inquiry),
    ...checkRights(inquiry),
    ...checkPlaces(inquiry),
    ...checkChanges(inquiry),
    ...checkKey(inquiry),
    ...checkCanary(inquiry),
    ...checkSites(inquiry),
    ...checkLoss(inquiry),
  ];
  const [findings, told, primary] = await Promise.all([
    askAll(clock, questions),
    within(clock, OVERALL_MS, decisionNow(inquiry), () => null),
    within(clock, OVERALL_MS, inquiry.primary(), () => null),
  ]);
  return temper([...findings, ...sayDecision(told)], primary);
}
