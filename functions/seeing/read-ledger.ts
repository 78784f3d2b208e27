import type { Claim } from "../../shared/domain/claim.ts";
import type { Group, Side } from "../../shared/domain/group.ts";
import type { Approval, Override, Pause } from "../../shared/domain/person.ts";
import { readClaim } from "../../shared/ledger/claims.ts";
import {
  type KeptOverride,
  overridesIn,
  standingOverrides,
} from "../../shared/ledger/overrides.ts";
import { approvalsIn, pausesIn } from "../../shared/ledger/people.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";

const READ_MS = 5_000;

export interface LedgerReading {
  readonly claim: Claim | null | "unknown";
  readonly pauses: readonly Pause[];
  /** The store of the region failed over to answered: without it nobody knows whether we are paused. */
  readonly pauseReadable: boolean;
  readonly approvals: readonly Approval[];
  readonly overrides: readonly Override[];
}

/** What people and we ourselves have written down for this group, from both group regions. */
export async function readLedger(
  app: App,
  group: Group,
  primary: Side,
  incidentId: string | null,
  rolesMovedAt: number | null,
): Promise<LedgerReading> {
  const { clock } = app.ports;
  const now = clock.now();
  const stores = app.stores.both(group, primary);
  const [claim, pauses, approvals, overrides] = await Promise.all([
    within<Claim | null | "unknown">(
      clock,
      READ_MS,
      readClaim(app.stores.target(group, primary), group.name),
      () => "unknown",
    ),
    Promise.all(
      stores.map((store) =>
        within<readonly Pause[] | null>(
          clock,
          READ_MS,
          pausesIn(store, group.name, now),
          () => null,
        ),
      ),
    ),
    Promise.all(
      stores.map((store) =>
        incidentId === null
          ? []
          : within<readonly Approval[]>(
              clock,
              READ_MS,
              approvalsIn(store, group.name, incidentId, now),
              () => [],
            ),
      ),
    ),
    Promise.all(
      stores.map((store) =>
        within<readonly KeptOverride[]>(clock, READ_MS, overridesIn(store, group.name), () => []),
      ),
    ),
  ]);
  const standing = new Map(approvals.flat().map((approval) => [approval.askId, approval]));
  return {
    claim,
    pauses: pauses.flatMap((rows) => rows ?? []),
    pauseReadable: pauses[0] !== null,
    approvals: [...standing.values()],
    overrides: standingOverrides(overrides.flat(), now, rolesMovedAt),
  };
}
