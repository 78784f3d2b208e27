import type * as z from "zod";
import type { Failback } from "../shared/domain/failback.ts";
import type { Policy } from "../shared/domain/policy.ts";
import type { FailoverReceipt } from "../shared/domain/receipt.ts";
import { opensNext } from "../shared/policy/evidence/windows.ts";
import { clockTime, sayMs } from "../shared/text/say-time.ts";
import { appEntry, type Entry } from "./entry.ts";

type Failover = z.infer<typeof FailoverReceipt>;

export function sayFailoverReceipt(site: string, receipt: Failover): Entry {
  const { failover, newPrimary, loss, writtenAt } = receipt;
  const notes = [`loss: ${sayLoss(loss)}`];
  return appEntry(writtenAt, site, `receipt: ${failover} failover to ${newPrimary}`, { notes });
}

export function sayLoss({
  atLeastSeconds,
  atMostSeconds,
}: Pick<Failover["loss"], "atLeastSeconds" | "atMostSeconds">): string {
  const most = atMostSeconds === null ? "unknown" : `${atMostSeconds} s`;
  return `at least ${atLeastSeconds} s, at most ${most}`;
}

export function sayFailback(site: string, failback: Failback, { failback: policy }: Policy): Entry {
  const at = failback.failedOverAt;
  const opensAt = policy.window === null ? null : opensNext(policy.window, at);
  const window =
    opensAt === null ? "at any time" : `when the window opens, at ${clockTime(opensAt)}`;
  const notes = [
    `waits: until home has been healthy and protected for ${sayMs(policy.soakMs)}, then ${window}`,
    "what would stop it: a pause, failback off, any guard that closes; it never forces",
  ];
  return appEntry(at, site, `failback scheduled (${policy.mode})`, { notes });
}
