// Our judgement beside three simple detectors, on the same incidents.

import { readFileSync } from "node:fs";
import type { IncidentFile } from "../judge/incident-file.ts";
import { judgeIncidentFile } from "../judge/judge-incident-file.ts";
import { parseIncidentFiles } from "../judge/parse-incident-files.ts";
import type { Bench, Cell } from "./bench.ts";
import { consecutiveFailures } from "./detectors/consecutive-failures.ts";
import { createLooks, type Detector } from "./detectors/detector.ts";
import { lease } from "./detectors/lease.ts";
import { quorumWithoutVeto } from "./detectors/quorum-without-veto.ts";
import { type GeneratedIncident, generateIncidents } from "./generated-incidents.ts";
import { runPolicy } from "./policy-loop.ts";
import { type Deed, type Mark, markOf, scoreOf } from "./score.ts";
import { median } from "./statistics.ts";

export const DETECTORS: readonly Detector[] = [consecutiveFailures, quorumWithoutVeto, lease];

const CATALOGUE = new URL("../test/incident-files/catalogue.json", import.meta.url);
const GENERATED = 2_000;
const SEED = 1;

/** What every judge does in these incidents, ours first. */
export async function judgeGenerated(
  incidents: readonly GeneratedIncident[],
): Promise<ReadonlyMap<string, readonly Deed[]>> {
  const ours: Deed[] = [];
  for (const incident of incidents) {
    const { acted, asked } = await runPolicy(incident.incidentFile);
    const instants = { actedAtMs: acted?.atMs ?? null, askedAtMs: asked?.atMs ?? null };
    ours.push({ ...named(incident), ...instants, rule: (acted ?? asked)?.decision.rule ?? null });
  }
  const theirs = DETECTORS.map((detector) => {
    const deeds = incidents.map((incident): Deed => {
      const { incidentFile } = incident;
      const actedAtMs = detector.decide(createLooks(incidentFile), incidentFile.durationMs);
      return { ...named(incident), actedAtMs, askedAtMs: null, rule: null };
    });
    return [detector.name, deeds] as const;
  });
  return new Map([["this product", ours], ...theirs]);
}

export interface Agreement {
  readonly judged: number;
  readonly same: number;
  /** By how much the whole app is later than the loop, where both act. */
  readonly laterMs: readonly number[];
}

/** Holds the loop against the whole app: do both act, ask or keep quiet, and when? */
export async function compareWithApp(incidents: readonly GeneratedIncident[]): Promise<Agreement> {
  let same = 0;
  const laterMs: number[] = [];
  for (const { incidentFile } of incidents) {
    const { acted, asked } = await runPolicy(incidentFile);
    const { trace } = await judgeIncidentFile(incidentFile);
    const posted = trace.posts[0];
    const alike = (acted !== null) === (posted !== undefined);
    if (alike && (acted !== null || (asked !== null) === trace.asks.length > 0)) same++;
    if (acted !== null && posted !== undefined) laterMs.push(posted.atMs - acted.atMs);
  }
  return { judged: incidents.length, same, laterMs };
}

/** Some of all, and more of those that matter. */
function sampleOf(incidents: readonly GeneratedIncident[]): readonly GeneratedIncident[] {
  const lost = incidents.filter(({ truth }) => truth.lostFromMs !== null);
  return [...incidents.filter((_, i) => i % 100 === 0), ...lost.filter((_, i) => i % 20 === 0)];
}

function named({
  cause,
  incidentFile,
  truth,
}: GeneratedIncident): Pick<Deed, "cause" | "id" | "truth"> {
  return { cause, id: incidentFile.id, truth };
}

/** Wrong and missed failovers in the catalogue, by what each of its incidents expects. */
export interface CatalogueScore {
  readonly wrong: readonly string[];
  readonly missed: readonly string[];
  readonly secondsMedian: number;
}

/** Our own judgement in the catalogue is that of the whole app on the local host. */
export async function judgeCatalogue(
  incidentFiles: readonly IncidentFile[],
): Promise<ReadonlyMap<string, CatalogueScore>> {
  const ours = new Map<string, number | null>();
  for (const incidentFile of incidentFiles) {
    const { trace } = await judgeIncidentFile(incidentFile);
    ours.set(incidentFile.id, trace.posts[0]?.atMs ?? null);
  }
  const score = (actedAtMs: (incidentFile: IncidentFile) => number | null): CatalogueScore => {
    const acted = incidentFiles.filter((incidentFile) => actedAtMs(incidentFile) !== null);
    const wanted = (incidentFile: IncidentFile): boolean =>
      incidentFile.expected?.decision === "failover";
    const right = acted.filter(wanted);
    return {
      wrong: acted.filter((incidentFile) => !wanted(incidentFile)).map(({ id }) => id),
      missed: incidentFiles
        .filter((one) => wanted(one) && !acted.includes(one))
        .map(({ id }) => id),
      secondsMedian: median(
        right.map((one) => ((actedAtMs(one) ?? 0) - firstTroubleMs(one)) / 1_000),
      ),
    };
  };
  return new Map([
    ["this product", score(({ id }) => ours.get(id) ?? null)],
    ...DETECTORS.map(
      (detector) =>
        [detector.name, score((one) => detector.decide(createLooks(one), one.durationMs))] as const,
    ),
  ]);
}

/** The first signal of an incident file that is later than its beginning. */
function firstTroubleMs({ signals }: IncidentFile): number {
  return signals.find(({ atMs }) => atMs > 0)?.atMs ?? 0;
}

export const detectors: Bench = {
  name: "detectors",
  question:
    "How often is a failover wrong or missed, and how soon is it decided, beside three simple detectors?",
  run: async () => {
    const { incidentFiles } = parseIncidentFiles(readFileSync(CATALOGUE, "utf8"), "catalogue.json");
    const catalogue = await judgeCatalogue(incidentFiles);
    const incidents = generateIncidents(GENERATED, SEED);
    const generated = await judgeGenerated(incidents);
    const { judged, same, laterMs } = await compareWithApp(sampleOf(incidents));
    return {
      columns: [
        "judge",
        `wrong of ${incidentFiles.length}`,
        "missed",
        "median s",
        `wrong of ${GENERATED}`,
        "missed",
        "left to a person",
        "asked needlessly",
        "right",
        "median s",
        "p95 s",
      ],
      rows: [...generated].map(([name, deeds]) => [
        name,
        ...catalogueCells(catalogue.get(name)),
        ...generatedCells(deeds),
      ]),
      notes: [
        "The first three figures are the catalogue's incidents, judged by the whole app; the others are generated, judged by the real rules in a plain loop (bench/policy-loop.ts).",
        "Seconds count from the loss to the decision, of the failovers that were right. The product waits out a grace of 300 s on purpose.",
        `Of ${judged} generated incidents the whole app judged ${same} as the loop does; its request came ${median(laterMs) / 1_000} s later (median).`,
        ...DETECTORS.map(({ name, defaults }) => `${name}: ${defaults}.`),
        ...whatToLookAt(generated.get("this product") ?? []),
      ],
    };
  },
};

function catalogueCells(score: CatalogueScore | undefined): readonly Cell[] {
  if (score === undefined) return ["–", "–", "–"];
  return [score.wrong.length, score.missed.length, score.secondsMedian];
}

function generatedCells(deeds: readonly Deed[]): readonly Cell[] {
  const { marks, secondsMedian, secondsP95 } = scoreOf(deeds);
  const order: readonly Mark[] = ["wrong", "missed", "left-to-a-person", "needless-ask", "right"];
  return [...order.map((mark) => marks[mark]), secondsMedian, secondsP95];
}

const LOOKED_AT: readonly (readonly [Mark, string])[] = [
  ["wrong", "were wrong"],
  ["missed", "were missed"],
  ["left-to-a-person", "were left to a person"],
  ["needless-ask", "asked needlessly"],
];

/** Which of our own deeds were not simply right, by cause and rule: each is worth a look. */
function whatToLookAt(deeds: readonly Deed[]): readonly string[] {
  return LOOKED_AT.flatMap(([mark, says]) => {
    const counts = new Map<string, number>();
    for (const deed of deeds.filter((one) => markOf(one) === mark)) {
      const name = [deed.cause, deed.rule ?? []].flat().join(": ");
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    if (counts.size === 0) return [];
    const each = [...counts].sort((a, b) => b[1] - a[1]).map(([name, n]) => `${name} ${n}`);
    return [`Ours that ${says}: ${each.join(", ")}.`];
  });
}
