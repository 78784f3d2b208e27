import * as z from "zod";
import { Diagnosis } from "../domain/diagnosis.ts";
import { ok } from "../text/reading.ts";
import { readSchedule, readTimezone } from "./calendar.ts";
import { duration, oneOf, textRead } from "./fields.ts";

const MINUTE = 60_000;

/** What holds where the file says nothing. The safe choice, each of them. */
const DEFAULTS = {
  mode: "observe",
  interval: "PT10S",
  probeTimeout: "PT8S",
  grace: "PT5M",
  grayGrace: "PT10M",
  rto: "PT15M",
  allowShortGrace: false,
  lossBudget: "PT30S",
  cooldown: "PT1H",
  flapping: { outages: 3, within: "PT30M" },
  keyProof: "PT15M",
  approval: "PT15M",
  automatic: ["regional-loss", "instance-loss", "gray-writes"],
  freeze: [],
  failback: { mode: "approve", window: "always", soak: "PT2H" },
} as const;

/** Failback may happen at any time; the word for a window that is none. */
export const ALWAYS = "always";

/** Rules that stand before the automatic list only ever hold or ask for these. */
const NEVER_AUTOMATIC = [
  "none",
  "unclear",
  "flapping",
  "trouble",
  "partial-loss",
  "key-denied",
] as const;

const timezone = textRead(
  { about: "The IANA time zone of the schedule.", example: "Europe/Berlin" },
  readTimezone,
);

/** A calendar window as it is written. */
const WindowEntry = z.strictObject({
  schedule: textRead(
    {
      about:
        "When it opens: a cron expression of five fields, by day of month or by day of week (`SAT#1`: the first), not both.",
      example: "0 18 24 12 *",
    },
    readSchedule,
  ),
  for: duration({ about: "How long it stays open.", example: "P3D" }, { atLeastMs: MINUTE }),
  timezone,
});

const Flapping = z.strictObject({
  outages: z
    .int()
    .min(2)
    .max(100)
    .meta({
      description: "How many outages, each ended by a sign of life, count as flapping.",
      examples: [DEFAULTS.flapping.outages],
      default: DEFAULTS.flapping.outages,
    }),
  within: duration(
    {
      about: "The span in which they are counted.",
      example: "PT30M",
      default: DEFAULTS.flapping.within,
    },
    { atLeastMs: MINUTE },
  ),
});

const Failback = z.strictObject({
  mode: oneOf(["off", "approve", "automatic"], {
    about: "Whether the group goes home by itself, by approval, or not at all.",
    example: "approve",
    default: DEFAULTS.failback.mode,
  }),
  window: textRead(
    {
      about:
        "When going home may start: a cron expression of five fields (`SAT#1`: the first Saturday), or `always`.",
      example: "0 2 * * SAT",
      default: DEFAULTS.failback.window,
    },
    (text) => (text === ALWAYS ? ok(text) : readSchedule(text)),
  ),
  for: duration(
    { about: "How long the window stays open.", example: "PT4H" },
    { atLeastMs: MINUTE },
  ).optional(),
  timezone: timezone.optional(),
  soak: duration({
    about: "How long home must have been healthy and protected before going back.",
    example: "PT2H",
    default: DEFAULTS.failback.soak,
  }),
});

/** Every setting, complete. */
const Complete = z.strictObject({
  mode: oneOf(["observe", "approve", "automatic"], {
    about: "`observe` only watches, `approve` asks first, `automatic` acts.",
    example: "approve",
    default: DEFAULTS.mode,
  }),
  interval: duration(
    {
      about: "Pause between looks while an incident is open.",
      example: "PT10S",
      default: DEFAULTS.interval,
    },
    { atLeastMs: 2000 },
  ),
  probeTimeout: duration(
    {
      about: "A login or write that takes longer has timed out.",
      example: "PT8S",
      default: DEFAULTS.probeTimeout,
    },
    { atLeastMs: 1000 },
  ),
  grace: duration({
    about: "How long the primary must have been lost before anything acts.",
    example: "PT5M",
    default: DEFAULTS.grace,
  }),
  grayGrace: duration({
    about: "The grace while the primary still answers but does not serve.",
    example: "PT10M",
    default: DEFAULTS.grayGrace,
  }),
  rto: duration({
    about:
      "How long trouble may last before a person is asked, where nothing has been done by itself; at least the longest grace and two minutes.",
    example: "PT20M",
    default: DEFAULTS.rto,
  }),
  allowShortGrace: z.boolean().meta({
    description: "Permits a grace below PT3M, which local failovers can outlast.",
    examples: [true],
    default: DEFAULTS.allowShortGrace,
  }),
  lossBudget: duration({
    about: "The most data, as time, that a forced failover may lose without a person's consent.",
    example: "PT30S",
    default: DEFAULTS.lossBudget,
  }),
  cooldown: duration({
    about: "No second failover of a group within this time, whoever did the first.",
    example: "PT1H",
    default: DEFAULTS.cooldown,
  }),
  flapping: Flapping,
  keyProof: duration(
    {
      about: "How long a proof that the secondary reaches its key stays good.",
      example: "PT15M",
      default: DEFAULTS.keyProof,
    },
    { atLeastMs: MINUTE },
  ),
  approval: duration(
    {
      about: "How long an approval stays good. An ask stands until it is answered or withdrawn.",
      example: "PT15M",
      default: DEFAULTS.approval,
    },
    { atLeastMs: MINUTE },
  ),
  automatic: z.array(Diagnosis.exclude(NEVER_AUTOMATIC)).min(1).meta({
    description: "What may be acted on without a person, in mode `automatic`.",
    default: DEFAULTS.automatic,
  }),
  freeze: z.array(WindowEntry).meta({
    description: "Windows in which nothing acts by itself.",
    default: DEFAULTS.freeze,
  }),
  failback: Failback,
});

/** Settings as written under `defaults` or in a group: each may be left out. */
export const Settings = Complete.partial().extend({
  flapping: Flapping.partial()
    .optional()
    .meta({ description: "When outages that end by themselves become a reason to ask." }),
  failback: Failback.partial()
    .optional()
    .meta({ description: "The lossless way home; its keys are overridden one by one." }),
});
export type Settings = z.output<typeof Settings>;

/** The defaults, read by the same schema as the file. */
export const BUILT_IN = Complete.parse(DEFAULTS);
export type CompleteSettings = z.output<typeof Complete>;
