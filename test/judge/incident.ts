import type { IncidentFile } from "../../judge/incident-file.ts";
import {
  type Judged,
  type JudgeOptions,
  judgeIncidentFile,
} from "../../judge/judge-incident-file.ts";
import { parseIncidentFiles } from "../../judge/parse-incident-files.ts";

/** Changes at one instant, in seconds: source and value. */
export type Changes = Readonly<Record<string, string | number>>;

/** Region A loses everything, and nobody in it reports any more. */
export const DEAD: Changes = {
  "tds_primary@A": "silent",
  "tds_primary@B": "timeout",
  "tds_primary@C": "timeout",
  "write_canary@A": "silent",
  "listener_rw@A": "silent",
  "ref_probe@A": "silent",
  app_e2e: 0,
  repl_lag_s: "unknown",
};

/** All of it is back. */
export const UP: Changes = {
  "tds_primary@A": "ok",
  "tds_primary@B": "ok",
  "tds_primary@C": "ok",
  "write_canary@A": "ok",
  "listener_rw@A": "ok",
  "ref_probe@A": "ok",
  app_e2e: 0.999,
  repl_lag_s: 1,
};

/** Logins work, writes hang, the application feels it. */
export const GRAY: Changes = { "write_canary@A": "timeout", app_e2e: 0.1, repl_lag_s: 0 };

export interface Written {
  readonly durationS?: number;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly expected?: Readonly<Record<string, unknown>>;
}

/** An incident written down: what changes at which second. */
export function incident(
  at: Readonly<Record<number, Changes>>,
  written: Written = {},
): IncidentFile {
  const { durationS = 600, config = {}, expected } = written;
  const signals = Object.entries(at).flatMap(([t_s, changes]) =>
    Object.entries(changes).map(([source, value]) => ({ t_s: Number(t_s), source, value })),
  );
  const raw = { id: "incident", duration_s: durationS, config, signals, expected };
  const { incidentFiles, problems } = parseIncidentFiles(JSON.stringify([raw]), "incident");
  const [incidentFile] = incidentFiles;
  if (incidentFile === undefined)
    throw new Error(`Cannot write the incident: ${JSON.stringify(problems)}`);
  return incidentFile;
}

/** Lets it happen. */
export function happens(
  at: Readonly<Record<number, Changes>>,
  written: Written & JudgeOptions = {},
): Promise<Judged> {
  return judgeIncidentFile(incident(at, written), written);
}
