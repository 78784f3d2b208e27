import * as z from "zod";
import { KeyPathState, SecondaryState } from "./facts.ts";
import { Side } from "./group.ts";
import { Sample } from "./loss.ts";
import { Observation } from "./observation.ts";
import { Instant } from "./units.ts";

/** What one site remembers of one group between ticks. One row per group in that site's own store. */
export const Watch = z.object({
  /** Newest last, bounded. */
  looks: z.array(Observation),
  /** Newest last, bounded. */
  samples: z.array(Sample),
  primary: Side.nullable(),
  rolesReadAt: Instant.nullable(),
  lastRoleChangeAt: Instant.nullable(),
  /** The secondary's last answer about its key, with the instant it answered. */
  keyPath: z.object({ answer: KeyPathState, answeredAt: Instant }).nullable(),
  /** When a check was last begun, answered or not. */
  keyCheckedAt: Instant.nullable(),
  /** A key check that is running: poll this. Signed and secret. */
  keyCheck: z.object({ ticket: z.string(), startedAt: Instant }).nullable(),
  /** Whether the secondary is fit to take over, compared while both sides answered. */
  fitness: SecondaryState.shape.fitness,
  fitnessReadAt: Instant.nullable(),
});
export type Watch = z.infer<typeof Watch>;

/** What is known of the secondary is known of one instance: it is forgotten when the roles move. */
export function forgetSecondary(watch: Watch): Watch {
  const { keyPath, keyCheckedAt, keyCheck, fitness, fitnessReadAt } = NO_WATCH;
  return { ...watch, keyPath, keyCheckedAt, keyCheck, fitness, fitnessReadAt };
}

export const NO_WATCH: Watch = {
  looks: [],
  samples: [],
  primary: null,
  rolesReadAt: null,
  lastRoleChangeAt: null,
  keyPath: null,
  keyCheckedAt: null,
  keyCheck: null,
  fitness: { kind: "unknown", because: "never-read" },
  fitnessReadAt: null,
};

/** A site's sign that its tick runs. `beat` only ever grows; others judge by whether it changes. */
export const Heartbeat = z.object({ site: z.string(), beat: z.number().int(), at: Instant });
export type Heartbeat = z.infer<typeof Heartbeat>;

/** When this site last saw another site's heartbeat change, on this site's own clock. */
export const SeenHeartbeat = z.object({ beat: z.number().int(), changedAt: Instant });
export type SeenHeartbeat = z.infer<typeof SeenHeartbeat>;
