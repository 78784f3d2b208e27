import { type Random, seededRandom } from "functions-host/random";
import type { IncidentFile } from "../judge/incident-file.ts";
import { parseIncidentFiles } from "../judge/parse-incident-files.ts";
import { isSource, peaceWritten, type Source } from "../judge/sources.ts";
import { CAUSES, type Cause, type Signals, type Story } from "./causes.ts";

/** What really was the case, known to whoever made it up and to nobody who judges. */
export interface Truth {
  readonly onsetMs: number;
  /** From when on the primary serves nobody, for longer than anybody wants to wait; null: it does not come to that. */
  readonly lostFromMs: number | null;
  /** Would the secondary serve if it were made primary? */
  readonly secondaryFit: boolean;
  readonly lossSeconds: number;
}

export interface GeneratedIncident {
  readonly cause: string;
  readonly incidentFile: IncidentFile;
  readonly truth: Truth;
}

/** What owners of the group say they can afford to lose, and wait for. */
export const LOSS_BUDGET_SECONDS = 30;
export const PATIENCE_SECONDS = 900;

/** Whoever has not decided two hours after the onset is not waited for. */
const WATCHED_SECONDS = 7_200;
const QUIET_SECONDS = 300;

/** Incidents drawn from a seed: a cause by its weight, its length and course, and the state of all that stands beside. */
export function generateIncidents(count: number, seed: number): readonly GeneratedIncident[] {
  return Array.from({ length: count }, (_, i) =>
    generate(seededRandom(seed).fork(`incident-${i}`), i),
  );
}

function generate(random: Random, index: number): GeneratedIncident {
  const cause = drawCause(random);
  const story = cause.tell(random.fork("story"));
  const standing = drawStanding(random.fork("standing"));
  const onset = Math.round(random.between(QUIET_SECONDS, QUIET_SECONDS + 60));
  const watched = Math.min(story.lengthSeconds, WATCHED_SECONDS);
  const steps: Story["steps"] = [
    [0, REGIONS_SEEN],
    ...story.steps.map(([at, signals]) => [onset + at, signals] as const),
    ...(story.lengthSeconds < watched + 1 ? [[onset + watched, healed(story)] as const] : []),
  ];
  const raw = {
    id: `G${index + 1}`,
    title: cause.name,
    duration_s: onset + watched + 2 * QUIET_SECONDS,
    config: {},
    signals: steps.flatMap(([t_s, signals]) => written(t_s, { ...signals, ...standing.signals })),
  };
  const { incidentFiles, problems } = parseIncidentFiles(JSON.stringify([raw]), "generated");
  const [incidentFile] = incidentFiles;
  if (incidentFile === undefined)
    throw new Error(`Cannot generate: ${JSON.stringify(problems[0])}`);
  const lost = story.lostFromSeconds;
  const long = lost !== null && story.lengthSeconds - lost > PATIENCE_SECONDS;
  return {
    cause: cause.name,
    incidentFile,
    truth: {
      onsetMs: onset * 1_000,
      lostFromMs: long ? (onset + lost) * 1_000 : null,
      secondaryFit: standing.secondaryFit,
      lossSeconds: standing.lossSeconds,
    },
  };
}

function drawCause(random: Random): Cause {
  const total = CAUSES.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.next() * total;
  const drawn = CAUSES.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  if (drawn === undefined) throw new Error("Cannot draw a cause: there are none");
  return drawn;
}

interface Standing {
  /** Stronger than what the story says: it was so before, and stays so. */
  readonly signals: Signals;
  readonly secondaryFit: boolean;
  readonly lossSeconds: number;
}

/** What was the matter already: rare, and never published, so these shares are guesses. */
function drawStanding(random: Random): Standing {
  const unconfigured: Signals = {
    ...(random.next() < 0.5 ? { app_e2e: "unknown" } : {}),
    ...(random.next() < 0.5 ? { "home_ref@B": "unknown", "home_ref@C": "unknown" } : {}),
    ...(random.next() < 0.02
      ? { "tds_primary@C": "silent", "tds_secondary@C": "silent", "ref_probe@C": "silent" }
      : {}),
  };
  const drawn = random.next();
  const trouble = TROUBLES.find(({ below }) => drawn < below);
  const behind = random.next() < 0.05 ? Math.round(random.between(40, 3_600)) : null;
  return {
    signals: {
      ...unconfigured,
      ...trouble?.signals,
      ...(behind === null ? {} : { repl_lag_s: behind, secondary_last_commit_gap_s: behind }),
    },
    secondaryFit: trouble === undefined,
    lossSeconds: behind ?? 2,
  };
}

/** Three in a hundred groups each: the secondary is being copied anew, has lost its key, or is down itself. */
const TROUBLES: readonly { readonly below: number; readonly signals: Signals }[] = [
  { below: 0.03, signals: { fog_status: "Seeding" } },
  { below: 0.06, signals: { "key_vault@B": "403" } },
  { below: 0.09, signals: { "tds_secondary@B": "timeout", "tds_secondary@C": "timeout" } },
];

/** Everything that the story changed says again what it says in peace, but for what is history. */
function healed(story: Story): Signals {
  const changed = new Set(story.steps.flatMap(([, signals]) => Object.keys(signals)));
  const back = [...changed].flatMap((source) =>
    isSource(source) && !HISTORY.includes(source) ? [[source, peaceWritten(source)] as const] : [],
  );
  return { ...Object.fromEntries(back), ...REGIONS_SEEN };
}

const HISTORY: readonly Source[] = ["fog_primary", "dns_listener", "activity_log"];
/** In peace whoever has configured a region's reference reaches it. */
const REGIONS_SEEN: Signals = { "home_ref@B": "ok", "home_ref@C": "ok" };

function written(t_s: number, signals: Signals) {
  return Object.entries(signals).map(([source, value]) => ({ t_s, source, value }));
}
