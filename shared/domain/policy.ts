import * as z from "zod";
import { Diagnosis } from "./diagnosis.ts";
import { DurationMs } from "./units.ts";

/** A calendar window: opens at each occurrence of `schedule`, stays open for `forMs`. */
export const Window = z.object({ schedule: z.string(), forMs: DurationMs, timezone: z.string() });
export type Window = z.infer<typeof Window>;

/** Everything that deciding for one group depends on besides the facts. */
export const Policy = z.object({
  mode: z.enum(["observe", "approve", "automatic"]),
  /** Pause between looks while an incident is open. */
  intervalMs: DurationMs,
  /** A login or write that takes longer has timed out. */
  probeTimeoutMs: DurationMs,
  graceMs: DurationMs,
  grayGraceMs: DurationMs,
  /** Trouble that has lasted so long is a person's to decide about, where nothing has been done by itself. */
  rtoMs: DurationMs,
  lossBudgetMs: DurationMs,
  cooldownMs: DurationMs,
  flapping: z.object({ outages: z.number().int().positive(), withinMs: DurationMs }),
  /** How long a proof of the key path stays good. */
  keyProofMs: DurationMs,
  /** How long an approval stays good. */
  approvalMs: DurationMs,
  /** What may be acted on without a person. */
  automatic: z.array(Diagnosis),
  /** Every configured vantage, heard or not: the quorum is a strict majority of these. */
  vantages: z.array(z.object({ name: z.string(), region: z.string() })),
  canary: z.boolean(),
  applicationFloor: z.number().nullable(),
  capacityRequired: z.boolean(),
  /** Windows in which nothing acts by itself. */
  freeze: z.array(Window),
  failback: z.object({
    mode: z.enum(["off", "approve", "automatic"]),
    window: Window.nullable(),
    /** How long the home side must have been healthy and protected before going back. */
    soakMs: DurationMs,
  }),
});
export type Policy = z.infer<typeof Policy>;

/** A look younger than this may speak. */
export function freshMs(policy: Pick<Policy, "intervalMs" | "probeTimeoutMs">): number {
  return 2 * policy.intervalMs + policy.probeTimeoutMs;
}

/** The least number of votes that is a strict majority of the configured vantages. */
export function quorumOf(policy: Pick<Policy, "vantages">): number {
  return Math.floor(policy.vantages.length / 2) + 1;
}
