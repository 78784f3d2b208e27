import * as z from "zod";
import { KeyPathState, NO_WORK, PrimaryWork, SecondaryState } from "./facts.ts";
import { Side } from "./group.ts";
import { Sample } from "./loss.ts";
import { Observation } from "./observation.ts";
import { Replication } from "./replication.ts";
import { Tally } from "./tally.ts";
import { TickReport } from "./tick-report.ts";
import { Instant } from "./units.ts";

/**
 * What one site remembers of one group between ticks: a cache, of which every part is found anew.
 * One row per group in that site's own store, written by its tick.
 */
export const Watch = z.object({
  /** Newest last, bounded. */
  looks: z.array(Observation),
  /** Newest last, bounded. */
  samples: z.array(Sample),
  /** The pace of the last half hour, newest minute first; earlier releases kept none. */
  tallies: z.array(Tally).default([]),
  primary: Side.nullable(),
  rolesReadAt: Instant.nullable(),
  /** Whether the secondary is fit to take over, compared while both sides answered. */
  fitness: SecondaryState.shape.fitness,
  fitnessReadAt: Instant.nullable(),
  /** What is done to the primary, and since when: the activity log is read only so far back. */
  primaryWork: PrimaryWork.default(NO_WORK),
  /** What the group says of its replication, as last read with the roles. */
  replication: Replication.nullable().default(null),
  /** Start of the last reading by which both sides say that the secondary follows. */
  followedAt: Instant.nullable().default(null),
  /** What is seen of the instance on that side, while it is secondary; null where this site does not ask. */
  secondary: SecondaryState.pick({ sql: true, state: true })
    .extend({ side: Side, readAt: Instant })
    .nullable()
    .default(null),
  /** Success ratios of the application, each counted from `beganAt` on, newest last, bounded; null where it gave none. */
  application: z
    .array(z.object({ at: Instant, beganAt: Instant.default(0), ratio: z.number().nullable() }))
    .default([]),
  /** When another site's motor was last seen to work, on this site's clock. */
  motor: z
    .object({
      incidentId: z.string(),
      /** Which of the incident's motors it is; earlier releases did not say. */
      motor: z.number().int().default(0),
      heartbeatAt: Instant.nullable(),
      changedAt: Instant,
      /** It has sent a request, or may have; earlier releases did not say. */
      hasSent: z.boolean().default(true),
    })
    .nullable(),
});
export type Watch = z.infer<typeof Watch>;

/** What is known of an instance is known of it in its role: it is forgotten when the roles move. */
export function forgetInstances(watch: Watch): Watch {
  const { fitness, fitnessReadAt, primaryWork, tallies } = NO_WATCH;
  const { replication, followedAt, secondary } = NO_WATCH;
  const forgotten = { fitness, fitnessReadAt, primaryWork, tallies };
  return { ...watch, ...forgotten, replication, followedAt, secondary };
}

export const NO_WATCH: Watch = {
  looks: [],
  samples: [],
  tallies: [],
  primary: null,
  rolesReadAt: null,
  fitness: { kind: "unknown", because: "never-read" },
  fitnessReadAt: null,
  primaryWork: NO_WORK,
  replication: null,
  followedAt: null,
  secondary: null,
  application: [],
  motor: null,
};

/** Looks that were made for an incident or for another site; one row per occasion, beside the watch. */
export const Looks = z.object({
  /** Newest last, bounded. */
  looks: z.array(Observation),
});
export type Looks = z.infer<typeof Looks>;

/** Since when the primary has been primary. No cache: what it says cannot be found again. */
export const RoleChange = z.object({
  primary: Side,
  /** Null: it was primary when this site first read the roles. */
  at: Instant.nullable(),
});
export type RoleChange = z.infer<typeof RoleChange>;

/** What one instance, while it was secondary, has answered about its key. */
export const KeyProof = z.object({
  side: Side,
  /** The last answer, with the instant it answered. */
  keyPath: z.object({ answer: KeyPathState, answeredAt: Instant }).nullable(),
  /** When a check was last begun, answered or not. */
  keyCheckedAt: Instant.nullable(),
  /** A key check that is running: poll this. Signed and secret. */
  keyCheck: z.object({ ticket: z.string(), startedAt: Instant }).nullable(),
});
export type KeyProof = z.infer<typeof KeyProof>;

/** Nothing is known yet of the key of the instance on that side. */
export function noKeyProof(side: Side): KeyProof {
  return { side, keyPath: null, keyCheckedAt: null, keyCheck: null };
}

/**
 * When a number of another site was last seen to change, on this site's own clock; and whether its store
 * gave no answer when it was last looked at.
 */
const Seen = z.object({
  beat: z.number().int(),
  changedAt: Instant,
  silent: z.boolean().default(false),
});

/**
 * A site's sign that its tick runs, and what it has seen of the others. `beat` only ever grows;
 * others judge by whether it changes.
 */
export const Heartbeat = z.object({
  site: z.string(),
  beat: z.number().int(),
  at: Instant,
  seen: z.record(z.string(), Seen),
  /** What its tick came to, as far as it had come. */
  report: TickReport,
});
export type Heartbeat = z.infer<typeof Heartbeat>;
