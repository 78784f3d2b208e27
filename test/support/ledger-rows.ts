import * as z from "zod";
import type { Claim } from "../../shared/domain/claim.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import { NO_OUTAGE } from "../../shared/domain/outage.ts";
import type { Ask } from "../../shared/domain/person.ts";
import type { Book } from "../../shared/ledger/book.ts";
import type { NewClaim } from "../../shared/ledger/claims.ts";
import type { Suspicion } from "../../shared/ledger/incidents.ts";
import type { RowType } from "../../shared/ledger/rows.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Store } from "../../shared/ports/store.ts";

export const NOW = Date.UTC(2026, 0, 15, 12);

/** A kind of row that the product does not have. */
export const COUNTER: RowType<{ count: number }> = {
  kind: "counter",
  schema: z.object({ count: z.number() }),
  unreadable: "keep",
};

/** The rows of a group in that store, for whoever has no ledger of the whole site. */
export function bookAt(store: Store, clock: Clock, group = "orders-fog"): Book {
  return { site: store.site, group, store, clock };
}

export function suspicion(change: Partial<Suspicion> = {}): Suspicion {
  return {
    id: "inc-1",
    group: "orders-fog",
    openedBy: "watch",
    at: NOW,
    expectedPrimary: "home",
    call: null,
    ...change,
  };
}

export function wanted(change: Partial<NewClaim> = {}): NewClaim {
  return {
    group: "orders-fog",
    incidentId: "inc-1",
    decisionId: "decision-1",
    rule: "primary-lost",
    actor: "geo-failover",
    kind: "forced",
    expectedPrimary: "home",
    target: "partner",
    holder: "neu",
    notAfter: NOW + 30_000,
    ...change,
  };
}

export function ask(change: Partial<Ask> = {}): Ask {
  return {
    id: "inc-1~question~1",
    incidentId: "inc-1",
    purpose: "fail-over",
    expectedPrimary: "home",
    kind: "forced",
    diagnosis: "regional-loss",
    guards: [],
    lossAtMostMs: 30_000,
    version: 1,
    tokenHashes: ["hash"],
    older: [],
    askedAt: NOW,
    unwantedSinceAt: null,
    answer: "none",
    answeredAt: null,
    takesBack: [],
    ...change,
  };
}

/** Suspected, and not looked at yet. */
export function incident(change: Partial<Incident> = {}): Incident {
  return {
    ...{ id: "inc-1", group: "orders-fog", openedBy: "watch", openedAt: NOW },
    ...{ expectedPrimary: "home", motor: 1, motorSite: "neu", heartbeatAt: NOW },
    ...{
      outage: NO_OUTAGE,
      countedUntilAt: null,
      samples: [],
      secondaryCommits: [],
      throttled: [],
    },
    ...{ loss: null, carriedLoss: null, decision: null, decisionId: null, decidedAt: null },
    ...{ heard: null, seen: null, receiptAt: null, receiptId: null, call: null },
    ...{ isConfirmed: false, calmSinceAt: null },
    ...{ plannedEndedAt: null, plannedEndedCode: null, closedAt: null, end: null },
    phases: {
      ...{ suspectedAt: NOW, onsetAt: null, decidedAt: null, postedAt: null, acceptedAt: null },
      ...{ movedAt: null, verifiedAt: null },
    },
    ...change,
  };
}

/** Taken at this instant, and not sent. */
export function claim(change: Partial<Claim> = {}): Claim {
  return {
    ...wanted(),
    ...{ epoch: 1, state: "intent", takenAt: NOW, sentAt: null, acceptedAt: null },
    ...{ spentAt: null, spentBecause: null, code: null, retryNotBefore: null, ticket: null },
    ...{ quietSinceAt: null, quietBy: null, doubt: null, renewals: 0 },
    ...{ announcedAt: null, refusals: 0, owed: false },
    ...change,
  };
}
