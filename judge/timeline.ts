import type { IncidentFile } from "./incident-file.ts";
import { peaceOf, readValue, type Source, type Values } from "./sources.ts";

/** One value of a source, and since when it holds. */
export interface Step<Value> {
  readonly atMs: number;
  readonly value: Value;
}

/** What one source says over time: the value in peace first, then every step of the incident file. */
export class Track<Value> {
  readonly steps: readonly Step<Value>[];
  private readonly peace: Value;
  private newest = 0;

  constructor(peace: Value, steps: readonly Step<Value>[]) {
    this.peace = peace;
    this.steps = steps;
  }

  at(atMs: number): Value {
    // Almost every question is about the instant of the one before, or a little later.
    if ((this.steps[this.newest - 1]?.atMs ?? Number.NEGATIVE_INFINITY) > atMs) this.newest = 0;
    for (;;) {
      const next = this.steps[this.newest];
      if (next === undefined || next.atMs > atMs) break;
      this.newest++;
    }
    return this.steps[this.newest - 1]?.value ?? this.peace;
  }
}

export type Timeline = { readonly [S in Source]: Track<Values[S]> };

/** The signals of an incident file as step functions. */
export function createTimeline(incidentFile: IncidentFile): Timeline {
  const track = <S extends Source>(source: S): Track<Values[S]> =>
    new Track(peaceOf(source), stepsOf(incidentFile, source));
  return {
    "tds_primary@A": track("tds_primary@A"),
    "tds_primary@B": track("tds_primary@B"),
    "tds_primary@C": track("tds_primary@C"),
    "tds_secondary@B": track("tds_secondary@B"),
    "tds_secondary@C": track("tds_secondary@C"),
    "listener_rw@A": track("listener_rw@A"),
    "write_canary@A": track("write_canary@A"),
    "ref_probe@A": track("ref_probe@A"),
    "ref_probe@B": track("ref_probe@B"),
    "ref_probe@C": track("ref_probe@C"),
    "home_ref@B": track("home_ref@B"),
    "home_ref@C": track("home_ref@C"),
    app_e2e: track("app_e2e"),
    app_e2e_age_s: track("app_e2e_age_s"),
    arm_global: track("arm_global"),
    arm_primary: track("arm_primary"),
    arm_secondary: track("arm_secondary"),
    "resource_health@A": track("resource_health@A"),
    service_health: track("service_health"),
    "metrics_age_s@A": track("metrics_age_s@A"),
    repl_lag_age_s: track("repl_lag_age_s"),
    repl_lag_s: track("repl_lag_s"),
    secondary_last_commit_gap_s: track("secondary_last_commit_gap_s"),
    "key_vault@A": track("key_vault@A"),
    "key_vault@B": track("key_vault@B"),
    identity: track("identity"),
    dns_listener: track("dns_listener"),
    dns_control: track("dns_control"),
    fog_status: track("fog_status"),
    fog_primary: track("fog_primary"),
    alerts: track("alerts"),
    activity_log: track("activity_log"),
    operator: track("operator"),
    "app_capacity@B": track("app_capacity@B"),
    orchestrator: track("orchestrator"),
  };
}

function stepsOf<S extends Source>(
  incidentFile: IncidentFile,
  source: S,
): readonly Step<Values[S]>[] {
  return incidentFile.signals
    .filter((signal) => signal.source === source)
    .map(({ atMs, value }) => {
      const read = readValue(source, value);
      if (read === null) {
        throw new Error(`Cannot judge ${incidentFile.id}: ${source} has no such value: ${value}`);
      }
      return { atMs, value: read };
    });
}
