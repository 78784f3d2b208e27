import {
  ACTIVITY,
  type ActivitySignal,
  ALERTS,
  ARM_SIDE,
  type ArmSignal,
  amount,
  amountOrUnknown,
  anyWord,
  type Form,
  ORCHESTRATOR,
  type OrchestratorSignal,
  type RawValue,
  SERVICE_HEALTH,
  SQL,
  type SqlSignal,
  words,
  wordsOrCode,
} from "./signal-forms.ts";

/** A, B and C as incident files name them: the primary's region at the start, the secondary's, a third. */
export const PLACES = ["A", "B", "C"] as const;
export type Place = (typeof PLACES)[number];
export type GroupPlace = Exclude<Place, "C">;

/** A code of the network, where a reference ended in one. */
interface Ended {
  readonly code: string;
}
type Reference = "ok" | "timeout" | "silent" | "dns_fail" | Ended;
export type HomeReference = "ok" | "timeout" | "unknown" | Ended;

/** What each source says, once it is read. */
export interface Values {
  "tds_primary@A": SqlSignal;
  "tds_primary@B": SqlSignal;
  "tds_primary@C": SqlSignal;
  "tds_secondary@B": SqlSignal;
  "tds_secondary@C": SqlSignal;
  "listener_rw@A": SqlSignal;
  "write_canary@A": SqlSignal;
  "ref_probe@A": Reference;
  "ref_probe@B": Reference;
  "ref_probe@C": Reference;
  "home_ref@B": HomeReference;
  "home_ref@C": HomeReference;
  app_e2e: number | "unknown";
  app_e2e_age_s: number;
  arm_global: "ok" | "timeout" | "5xx" | "throttled_429" | "unknown";
  arm_primary: ArmSignal;
  arm_secondary: ArmSignal;
  "resource_health@A": string;
  service_health: string;
  "metrics_age_s@A": number;
  repl_lag_age_s: number;
  repl_lag_s: number | "unknown";
  secondary_last_commit_gap_s: number | "unknown";
  "key_vault@A": string;
  "key_vault@B": string;
  identity: "ok" | "timeout" | "5xx";
  dns_listener: GroupPlace | "servfail" | "timeout";
  dns_control: "ok" | "servfail" | "timeout";
  fog_status: string;
  fog_primary: GroupPlace | "unknown";
  alerts: string;
  activity_log: ActivitySignal;
  operator: "none" | "approve" | "deny" | "no_response";
  "app_capacity@B": "ready" | "not_ready" | "unknown";
  orchestrator: OrchestratorSignal;
}
export type Source = keyof Values;

const REFERENCE = wordsOrCode("ok", "timeout", "silent", "dns_fail");
const HOME_REFERENCE = wordsOrCode("ok", "timeout", "unknown");
const KEY = anyWord("ok, 403, 404, 429, 5xx, timeout, unknown, a code of the instance's own");
const SECONDS = "seconds of at least 0";

/** Every source there is, with the form of its values and its value in peace. */
const SOURCES: {
  readonly [S in Source]: { readonly form: Form<Values[S]>; readonly peace: RawValue };
} = {
  "tds_primary@A": { form: SQL, peace: "ok" },
  "tds_primary@B": { form: SQL, peace: "ok" },
  "tds_primary@C": { form: SQL, peace: "ok" },
  "tds_secondary@B": { form: SQL, peace: "ok" },
  "tds_secondary@C": { form: SQL, peace: "ok" },
  "listener_rw@A": { form: SQL, peace: "ok" },
  "write_canary@A": { form: SQL, peace: "ok" },
  "ref_probe@A": { form: REFERENCE, peace: "ok" },
  "ref_probe@B": { form: REFERENCE, peace: "ok" },
  "ref_probe@C": { form: REFERENCE, peace: "ok" },
  "home_ref@B": { form: HOME_REFERENCE, peace: "unknown" },
  "home_ref@C": { form: HOME_REFERENCE, peace: "unknown" },
  app_e2e: { form: amountOrUnknown("a ratio from 0 to 1", 1), peace: 0.999 },
  app_e2e_age_s: { form: amount(SECONDS), peace: 5 },
  arm_global: { form: words("ok", "timeout", "5xx", "throttled_429", "unknown"), peace: "ok" },
  arm_primary: { form: ARM_SIDE, peace: "Ready" },
  arm_secondary: { form: ARM_SIDE, peace: "Ready" },
  "resource_health@A": {
    form: anyWord("Available, Degraded, Unavailable, Unknown"),
    peace: "Available",
  },
  service_health: { form: SERVICE_HEALTH, peace: "none" },
  "metrics_age_s@A": { form: amount(SECONDS), peace: 60 },
  repl_lag_age_s: { form: amount(SECONDS), peace: 15 },
  repl_lag_s: { form: amountOrUnknown(SECONDS), peace: 1 },
  secondary_last_commit_gap_s: { form: amountOrUnknown(SECONDS), peace: 2 },
  "key_vault@A": { form: KEY, peace: "ok" },
  "key_vault@B": { form: KEY, peace: "ok" },
  identity: { form: words("ok", "timeout", "5xx"), peace: "ok" },
  dns_listener: { form: words("A", "B", "servfail", "timeout"), peace: "A" },
  dns_control: { form: words("ok", "servfail", "timeout"), peace: "ok" },
  fog_status: {
    form: anyWord("Synchronizing, Seeding, Suspended, FailoverInProgress, unknown"),
    peace: "Synchronizing",
  },
  fog_primary: { form: words("A", "B", "unknown"), peace: "A" },
  alerts: { form: ALERTS, peace: "none" },
  activity_log: { form: ACTIVITY, peace: "none" },
  operator: { form: words("none", "approve", "deny", "no_response"), peace: "none" },
  "app_capacity@B": { form: words("ready", "not_ready", "unknown"), peace: "ready" },
  orchestrator: { form: ORCHESTRATOR, peace: "resumed" },
};

export const SOURCE_NAMES: readonly string[] = Object.keys(SOURCES);

export function isSource(name: string): name is Source {
  return Object.hasOwn(SOURCES, name);
}

/** What a source's value means; null when it is in none of the forms that source has. */
export function readValue<S extends Source>(source: S, raw: RawValue): Values[S] | null {
  return SOURCES[source].form.read(raw);
}

/** What the values of a source may look like. */
export function sayForm(source: Source): string {
  return SOURCES[source].form.says;
}

/** What a source says as long as an incident file does not mention it. */
export function peaceOf<S extends Source>(source: S): Values[S] {
  const { form, peace } = SOURCES[source];
  const value = form.read(peace);
  if (value === null) throw new Error(`Cannot read the baseline of ${source}: ${peace}`);
  return value;
}

/** The value in peace, as it would be written. */
export function peaceWritten(source: Source): RawValue {
  return SOURCES[source].peace;
}
