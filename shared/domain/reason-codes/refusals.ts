import type { ReasonRow } from "./reason-row.ts";

const NEXT =
  "nothing was done: report the receipt, since rules and check disagree; act by hand if you must";

function refusal(code: string, means: string): ReasonRow {
  return { code, means: `refused by the second opinion: ${means}`, values: {}, next: NEXT };
}

/** Why the independent check refused what the rules had decided. Not one of them should ever be seen. */
export const REFUSALS: readonly ReasonRow[] = [
  refusal("no-kind", "the decision does not say how to act"),
  refusal("failback-forces", "going home would be forced"),
  refusal("not-away", "there is nothing to go home from"),
  refusal("observe-mode", "the mode is observe"),
  refusal("group-not-settled", "the target is not a settled secondary"),
  refusal("asked-too-long-ago", "what Resource Manager has told is of an earlier round"),
  refusal("operation-in-progress", "an operation or a failover runs"),
  refusal("secondary-does-not-answer", "the secondary does not answer SQL"),
  refusal("failover-by-other", "somebody else's failover has begun and not ended"),
  refusal("changed-by-person", "a person's change came shortly before the outage"),
  refusal("loss-contradicted", "the secondary lacks rows that the bound of the loss calls safe"),
  refusal(
    "target-in-undo",
    "a request was refused lately: the target still undoes the last role change",
  ),
  refusal("unprotected", "the group has not been seen followed since its roles last changed"),
  refusal("denied", "a person has said no to this incident, and nobody has approved since"),
  refusal("operation-on-primary", "somebody's operation on the primary has not ended"),
  refusal("claim-not-spent", "a claim is open or unknown"),
  refusal("nobody-approved", "a person had to approve and none did"),
  refusal("sign-of-life", "a sign of life stands"),
  refusal("unknown-counted-as-down", "silence or blindness was counted as down"),
  refusal("no-down-majority", "no strict majority votes down"),
  refusal("microsoft-managed", "the group is Microsoft-managed"),
  refusal("secondary-unfit", "the secondary is unfit"),
  refusal("capacity-not-ready", "the application's capacity is not there"),
  refusal("key-unproven", "the secondary's key path is not proven"),
];
