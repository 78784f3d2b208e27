import type { DecisionReceipt } from "../shared/domain/receipt.ts";
import { sayInstant } from "../shared/text/say-instant.ts";
import { sayMs } from "../shared/text/say-time.ts";

/** Outages that ended lately, and how many looks were good since the trouble began. */
export function explainOutages({ facts: { outage } }: DecisionReceipt): readonly string[] {
  const { ended, trouble } = outage;
  return [
    ...ended.map(
      ({ onsetAt, endedAt }) =>
        `an outage from ${sayInstant(onsetAt)} on ended after ${sayMs(endedAt - onsetAt)}`,
    ),
    ...(trouble === null ? [] : [`trouble since ${sayInstant(trouble.sinceAt)}`]),
    ...(trouble?.seen ?? []).map(({ vantage, minutes }) => {
      const looks = minutes.reduce((sum, minute) => sum + minute.looks, 0);
      const wrote = minutes.reduce((sum, minute) => sum + minute.wrote, 0);
      return `${vantage}: ${wrote} of ${looks} looks of the last ten minutes wrote`;
    }),
  ];
}
