import * as z from "zod";
import { nearest } from "../shared/text/nearest.ts";
import type { IncidentFileConfig } from "./incident-file.ts";

const Seconds = z.number().positive().max(1e7);
const Anything = z.unknown().optional();

/** The keys of an incident file's `config`. What is left out has the default of the catalogue. */
const KEYS = {
  tick_s: Seconds.default(30),
  confirm_s: Seconds.default(300),
  gray_confirm_s: Seconds.default(600),
  rto_s: Seconds.default(900),
  rpo_auto_s: z.number().min(0).max(1e7).default(30),
  lag_max_age_s: Seconds.default(120),
  /** Prose: the rule is the product's. */
  quorum: Anything,
  mode: z.enum(["auto", "approval", "observe"]).default("auto"),
  auto_failback: z.boolean().default(false),
  cooldown_s: z.number().min(0).max(1e7).default(3600),
  failover_policy: z
    .enum(["customer_managed", "microsoft_managed", "manual", "automatic"])
    .default("customer_managed"),
  initial_state: z.enum(["normal", "failed_over_to_B"]).default("normal"),
  vault_topology: z.string().default("separate"),
  /** Explains what the signals show; the signals speak. */
  zone_redundant: z.boolean().default(false),
  secondary_sku: z.string().min(1).default("same"),
  require_app_capacity: z.boolean().default(false),
} as const;
const Config = z.strictObject(KEYS);

const SAME_SKU = /^(same|equal|identical|parity|as_primary)$/i;
const LARGER_SKU = /^(larger|bigger|higher)$/i;
const SERVICE_KEYS = /^(none|service_managed|platform_managed)$/i;
const MODE = { auto: "automatic", approval: "approve", observe: "observe" } as const;

/** Reads an incident file's `config`, telling `refuse` of every key that is not in the format. */
export function parseConfig(
  raw: Readonly<Record<string, unknown>>,
  refuse: (key: string, message: string) => void,
): IncidentFileConfig {
  const known: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(raw)) {
    const problem = problemOf(key, value);
    if (problem === null) known[key] = value;
    else refuse(key, problem);
  }
  return settle(Config.parse(known));
}

function problemOf(key: string, value: unknown): string | null {
  if (!isKey(key)) {
    const meant = nearest(key, Object.keys(KEYS));
    return `no setting has this name${meant === null ? "" : `; did you mean ${meant}?`}`;
  }
  const read = KEYS[key].safeParse(value);
  if (read.success) return null;
  return `cannot be ${JSON.stringify(value)}: ${read.error.issues[0]?.message ?? "another form"}`;
}

function isKey(key: string): key is keyof typeof KEYS {
  return Object.hasOwn(KEYS, key);
}

function settle(config: z.infer<typeof Config>): IncidentFileConfig {
  const { failover_policy: policy, secondary_sku: sku } = config;
  return {
    tickMs: config.tick_s * 1_000,
    graceMs: config.confirm_s * 1_000,
    grayGraceMs: config.gray_confirm_s * 1_000,
    rtoMs: config.rto_s * 1_000,
    lossBudgetMs: config.rpo_auto_s * 1_000,
    lagMaxAgeMs: config.lag_max_age_s * 1_000,
    cooldownMs: config.cooldown_s * 1_000,
    mode: MODE[config.mode],
    failback: config.auto_failback ? "automatic" : "off",
    failoverPolicy:
      policy === "microsoft_managed" || policy === "automatic" ? "automatic" : "manual",
    startsAway: config.initial_state === "failed_over_to_B",
    keys: SERVICE_KEYS.test(config.vault_topology) ? "service" : "customer",
    secondarySku: skuOf(sku),
    capacityRequired: config.require_app_capacity,
  };
}

/** Named where it matters: anything that is neither the primary's nor larger does not suffice. */
function skuOf(sku: string): IncidentFileConfig["secondarySku"] {
  if (SAME_SKU.test(sku)) return "same";
  return LARGER_SKU.test(sku) ? "larger" : "other";
}
