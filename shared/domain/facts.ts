import * as z from "zod";
import { Side } from "./group.ts";
import { LossBound, Sample, SecondaryCommit } from "./loss.ts";
import { Observation } from "./observation.ts";
import { Outage } from "./outage.ts";
import { Approval, Override, Pause, PersonCall } from "./person.ts";
import { FailoverKind } from "./purpose.ts";
import { Replication } from "./replication.ts";
import { DurationMs, Instant } from "./units.ts";

/** Every reading of the world may be missing; unknown says why it is. */
export const Unknown = z.object({ kind: z.literal("unknown"), because: z.string() });

/** The group as the current secondary's region shows it. That side is the authority. */
export const GroupState = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("read"),
    /** Role of the expected secondary, as its own region tells it. */
    targetRole: z.enum(["primary", "secondary", "unknown"]),
    replication: Replication,
    failoverPolicy: z.enum(["manual", "automatic", "unknown"]),
  }),
  Unknown,
]);
export type GroupState = z.infer<typeof GroupState>;

/** What is being done, or was: a failover stands us down, the others close a guard. */
export const OperationKind = z.enum(["failover", "scale", "network", "key", "update", "other"]);
export type OperationKind = z.infer<typeof OperationKind>;

/** Something that runs on the secondary or the group and must not be disturbed. */
export const OperationState = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  z.object({
    kind: z.literal("running"),
    what: OperationKind,
    /** Its name in Azure's own words. */
    said: z.string(),
    /** The instance that it runs on; null where it is of the group. */
    side: Side.nullable(),
    startedAt: Instant.nullable(),
    by: z.enum(["us", "other", "unknown"]),
  }),
  Unknown,
]);
export type OperationState = z.infer<typeof OperationState>;

/** What is done to the primary itself, as far as its own side told: reading that is best effort. */
export const PrimaryWork = z.object({
  /** Has begun and was not seen to end; null where nothing was seen to run. */
  operation: z
    .object({
      what: OperationKind,
      /** Its name in Azure's own words. */
      said: z.string(),
      /** When it began, or was first seen to run. */
      beganAt: Instant,
    })
    .nullable(),
  /** When it was last read Ready with nothing known to run. */
  readyAt: Instant.nullable(),
  /** Its last readings at work, or not Ready: what was read before them, and the last of them. */
  busy: z.object({ afterReadyAt: Instant.nullable(), until: Instant }).optional(),
});
export type PrimaryWork = z.infer<typeof PrimaryWork>;

export const NO_WORK: PrimaryWork = { operation: null, readyAt: null };

export const SecondarySql = z.enum(["answers", "silent", "unknown"]);
export type SecondarySql = z.infer<typeof SecondarySql>;

/** The secondary instance, as far as it must be fit to take over. */
export const SecondaryState = z.object({
  /** Does it answer SQL to any vantage, and serve? */
  sql: SecondarySql,
  /** By Resource Manager; unknown where it says nothing of it, or was not read. */
  state: z.object({ kind: z.enum(["ready", "not-ready", "unknown"]), said: z.string() }),
  fitness: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("fit") }),
    z.object({ kind: z.literal("unfit"), because: z.string() }),
    Unknown,
  ]),
});
export type SecondaryState = z.infer<typeof SecondaryState>;

/** Why nobody knows whether the key is reached: only the first speaks of the vault. */
export const KeyDoubt = z.enum(["unreachable", "no-permission", "no-answer", "other"]);
export type KeyDoubt = z.infer<typeof KeyDoubt>;

/** Can the secondary reach the key its databases are encrypted with? Only its own answer counts. */
export const KeyPathState = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("not-needed") }),
  z.object({ kind: z.literal("proven"), ageMs: DurationMs }),
  z.object({ kind: z.literal("denied"), code: z.string(), ageMs: DurationMs }),
  z.object({ kind: z.literal("unknown"), reason: KeyDoubt, because: z.string() }),
]);
export type KeyPathState = z.infer<typeof KeyPathState>;

/** Primary databases that Azure reports as Inaccessible, with the reason it gives. */
export const InaccessibleState = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("read"),
    databases: z.array(
      z.object({ name: z.string(), reason: z.enum(["key-denied", "key-unreachable", "other"]) }),
    ),
  }),
  Unknown,
]);

export const ApplicationState = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("ratio"),
    value: z.number().min(0).max(1),
    /** How long ago the window ended that it was counted over. */
    ageMs: DurationMs,
    windowMs: DurationMs,
  }),
  z.object({ kind: z.literal("not-configured") }),
  Unknown,
]);

/** What was done lately, from the activity log, which is late and may lack either end of it. */
export const ActivityEntry = z.object({
  what: OperationKind,
  /** Its name in Azure's own words. */
  said: z.string(),
  by: z.string(),
  ours: z.boolean(),
  /** The instance, or its surroundings, that it was done to; null where the log does not tell. */
  side: Side.nullable(),
  /** Null where the log tells of its end alone. */
  startedAt: Instant.nullable(),
  /** Null while the log tells of none: what has begun then counts as not ended, however long ago. */
  ended: z.object({ at: Instant, how: z.enum(["well", "badly"]) }).nullable(),
});
export type ActivityEntry = z.infer<typeof ActivityEntry>;

/** Our own newest claim, as the store of the region failed over to shows it. */
export const ClaimState = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  z.object({
    kind: z.literal("open"),
    state: z.enum(["intent", "sent"]),
    epoch: z.number().int(),
    failover: FailoverKind,
    sinceMs: DurationMs,
  }),
  z.object({
    kind: z.literal("spent"),
    epoch: z.number().int(),
    /** When it was seen to have ended without moving the roles; null where it did not end so. */
    unmovedAt: Instant.nullable().default(null),
  }),
  Unknown,
]);

/** Our own planned attempt within this incident, if there was one. */
export const AttemptState = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  z.object({ kind: z.literal("running"), sinceMs: DurationMs }),
  z.object({
    kind: z.literal("ended-in-error"),
    code: z.string(),
    /** Azure could not finish in time for one database: a person has to look. */
    timedOutForDatabase: z.boolean(),
    endedAt: Instant,
  }),
]);

/** `failing` and `throttled` are of who was asked; `bad` is what the answer says of its subject. */
export const AdviceKind = z.enum(["ok", "bad", "failing", "throttled", "unknown"]);
export type AdviceKind = z.infer<typeof AdviceKind>;

/** Advice from the platform: never a trigger, never a veto, always with an age. */
export const Advice = z.object({
  source: z.enum([
    "resource-health",
    "service-health",
    "alert",
    "primary-arm",
    "secondary-arm",
    "dns-listener",
    "dns-control",
    "identity",
    "key-vault-probe",
    "maintenance",
  ]),
  kind: AdviceKind,
  /** In the words of who said it. */
  said: z.string(),
  ageMs: DurationMs,
});
export type Advice = z.infer<typeof Advice>;

/** Something that was asked for while too much was asked: no answer, and no sign of anything. */
export const Throttled = z.object({ what: z.string(), untilAt: Instant });

/** When the roles last changed, by whomever. Not knowing is no reason to believe that they have not. */
export const LastRoleChange = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("known"), at: Instant }),
  /** None since this site first read the roles. */
  z.object({ kind: z.literal("none") }),
  Unknown,
]);
export type LastRoleChange = z.infer<typeof LastRoleChange>;

/** A site that told nothing when it was asked: silent, or its answer was no report. */
export const Unheard = z.object({ vantage: z.string(), because: z.string() });
export type Unheard = z.infer<typeof Unheard>;

/** Everything that a decision about one group may depend on, at one instant. */
export const Facts = z.object({
  version: z.literal(1),
  group: z.string(),
  /** The incident or failback that is decided about; null while there is none. */
  incidentId: z.string().nullable(),
  /** The deciding site's clock. The only clock there is. */
  now: Instant,
  site: z.string(),
  /** Who is primary now, as last read; null when that was never read. */
  primary: Side.nullable(),
  primaryRegion: z.string().nullable(),
  /** When the roles were seen to have moved without us since the incident opened; null if not. */
  movedByOtherAt: Instant.nullable(),
  /** The looks of the last minutes, of every vantage that was heard; instants on the deciding clock. */
  looks: z.array(Observation),
  /** The sites whose report was asked for and did not come, each with why. */
  unheard: z.array(Unheard).default([]),
  outage: Outage,
  groupState: GroupState,
  operation: OperationState,
  primaryWork: PrimaryWork.default(NO_WORK),
  secondary: SecondaryState,
  keyPath: KeyPathState,
  inaccessible: InaccessibleState,
  samples: z.array(Sample),
  /** Where our own look commits a row every few seconds; null without a canary. */
  canaryDatabase: z.string().nullable().default(null),
  secondaryCommits: z.array(SecondaryCommit),
  loss: LossBound,
  /** The group's commits still arrive at the secondary after the first failed look. */
  secondaryAdvances: z.enum(["yes", "no", "unknown"]),
  application: ApplicationState,
  capacityAtTarget: z.enum(["ready", "not-ready", "unknown", "not-required"]),
  activity: z.array(ActivityEntry),
  lastRoleChange: LastRoleChange,
  /** When both sides were last read to say that the secondary follows; null: not since the roles were last seen to move. */
  followedAt: Instant.nullable().default(null),
  claim: ClaimState,
  attempt: AttemptState,
  /** When our newest request was refused because a database over there still undoes the last role change; null otherwise. */
  undoRefusedAt: Instant.nullable().default(null),
  pause: z.array(Pause),
  pauseReadable: z.boolean(),
  approvals: z.array(Approval),
  /** When a person said no to this incident, and nobody has approved since; null otherwise. */
  deniedAt: Instant.nullable().default(null),
  overrides: z.array(Override),
  call: PersonCall.nullable(),
  /** How long a token at hand stays good; null when none is. */
  tokenGoodForMs: DurationMs.nullable(),
  advice: z.array(Advice),
  /** What was asked of Resource Manager and was too much, and until when it wants to be left alone. */
  throttled: z.array(Throttled).default([]),
  /**
   * All that Resource Manager and its log have told in here was asked for at this instant or later, and what gave no
   * answer then stands for two minutes at most; null: for this very decision, as earlier releases did.
   */
  askedSinceAt: Instant.nullable().default(null),
});
export type Facts = z.infer<typeof Facts>;

/** What deciding on the way home needs beside the facts above. */
export const FailbackFacts = z.object({
  version: z.literal(1),
  /** The same facts, with the home side as the secondary. */
  base: Facts,
  /** Is there anything to go back from? */
  away: z.boolean(),
  /** The home side has been healthy and the group protected since then; null when it is not. */
  healthySinceAt: Instant.nullable(),
  windowOpen: z.boolean(),
  windowOpensAt: Instant.nullable(),
  lagSeconds: z.number().nullable(),
});
export type FailbackFacts = z.infer<typeof FailbackFacts>;
