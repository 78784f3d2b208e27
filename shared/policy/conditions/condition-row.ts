import type { ConditionState, ConditionType, Severity } from "../../domain/condition.ts";
import type { Decision, Reason } from "../../domain/decision.ts";
import type { KeyPathState, SecondaryState } from "../../domain/facts.ts";
import type { Observation } from "../../domain/observation.ts";
import type { Outage } from "../../domain/outage.ts";
import type { Pause } from "../../domain/person.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Replication } from "../../domain/replication.ts";
import type { Sight, UnreadableRow } from "../../domain/tick-report.ts";
import type { Watch } from "../../domain/watch.ts";
import type { Protection } from "../evidence/protection.ts";

/** What the stores say at this tick of one group, or of all of them. */
export interface LedgerEvidence {
  /** Those of every group among them; ended ones may be. */
  readonly pauses: readonly Pause[];
  /** Every store that may hold a pause has answered. */
  readonly pausesReadable: boolean;
  readonly unreadable: readonly UnreadableRow[];
  /** Stores that gave no answer: what they hold is not known. */
  readonly silentStores: readonly string[];
  /** This site is the one to tell. Others tell when it has not for a minute. */
  readonly leads: boolean;
}

/** The store of one site, as this one finds it. */
export interface StoreEvidence {
  readonly site: string;
  readonly region: string;
  /** False also where it is read and takes nothing; null: it was not asked. */
  readonly answers: boolean | null;
  /** Why it takes nothing, as its own site finds it; null: it does, or only the site itself could tell. */
  readonly untaken: "silent" | "too-large" | "others-write" | null;
  /** This site is the one to tell: the first in line whose own store answers. */
  readonly leads: boolean;
}

export interface GroupEvidence extends LedgerEvidence {
  readonly group: string;
  /** The store that a failover of this group needs. */
  readonly target: StoreEvidence;
  /** When the grace is over by this site's own looks; null while they find the primary up. */
  readonly wouldActAt: number | null;
  /** This site's own looks, newest last. */
  readonly looks: readonly Observation[];
  readonly policy: Policy;
  /** What is wrong by the open incident; null while nothing is. */
  readonly trouble: {
    readonly incidentId: string;
    /** Since when the primary has hardly taken a write. */
    readonly sinceAt: number;
    /** Since when anybody could know that a majority votes down; null while none does. */
    readonly outageKnownAt: number | null;
  } | null;
  /** What each configured vantage last saw, this site among them; null: nothing is known of it. */
  readonly sights: readonly (Sight | null)[];
  /** What Resource Manager last said of the secondary instance. */
  readonly secondaryState: SecondaryState["state"];
  /** What the group last said of its replication; null: it was not read. */
  readonly replication: Replication | null;
  /** Success ratios of the application, a minute apart. */
  readonly application: Watch["application"];
  /** When a majority has voted the primary down lately, or seen part of it lost. */
  readonly outages: readonly Pick<Outage["ended"][number], "onsetAt" | "endedAt">[];
  readonly keyPath: KeyPathState;
  readonly protection: Protection;
  readonly primaryWork: Watch["primaryWork"];
  /** We have failed it over, and it is not protected again yet: that is watched, and told, by itself. */
  readonly isRecovering: boolean;
  /** What was decided last of an open incident; null: there is none. What cannot be read may be one. */
  readonly decision: Decision | null | "unknown";
}

export interface OtherSite {
  readonly site: string;
  /** For how long it has not ticked, on our clock; null where nobody can tell. */
  readonly quietMs: number | null;
  /** Of the sites besides it this one is the one to tell: none hears of itself. */
  readonly leads: boolean;
}

/** All that the conditions rest on, as one site has it at one tick. */
export interface ConditionEvidence {
  readonly site: string;
  readonly tickMs: number;
  /** For how long the one that leads may keep still before this site tells: no two wait the same time. */
  readonly standInMs: number;
  readonly groups: readonly GroupEvidence[];
  /** Rows that belong to no group. */
  readonly everyGroup: LedgerEvidence;
  readonly otherSites: readonly OtherSite[];
  readonly stores: readonly StoreEvidence[];
}

/** What one look at the evidence says of one condition. */
export interface Finding {
  readonly group: string | null;
  readonly subject: string | null;
  readonly state: ConditionState;
  /** How urgently somebody should know; null: it is only to be seen. */
  readonly severity: Severity | null;
  /** Since when, where the evidence itself knows; null: since it is first seen. */
  readonly sinceAt: number | null;
  /** Since when it is as urgent as that; null: since it is bad. */
  readonly urgentSinceAt: number | null;
  readonly because: Reason | null;
  /** This site is the one to tell. */
  readonly leads: boolean;
}

/** When people are told of it. */
export interface Telling {
  /** For how long it must have been bad. */
  readonly afterMs: number;
  /** The waits between one telling and the next; the last one is repeated. */
  readonly againMs: readonly number[];
}

/** What people are sent, beside what was seen. */
export interface Words {
  /** Completes "<group>: …". */
  readonly title: string;
  readonly means: string;
  /** What to do now, in one line. */
  readonly repair: string;
}

/** One row of the table of conditions. */
export interface ConditionRow extends Words {
  readonly type: ConditionType;
  readonly says: string;
  /** Other words where the reason names that guard, that rule or, without either, has that code. */
  readonly instead?: Readonly<Record<string, Partial<Words>>>;
  /** While it is bad or unknown, nobody can say that a failover would work. */
  readonly readiness: boolean;
  readonly notice: Telling | null;
  readonly page: Telling | null;
  /** For how long it must have been well again before it is over. */
  readonly overAfterMs: number;
  readonly find: (evidence: ConditionEvidence, now: number) => readonly Finding[];
}
