import { ConfigError } from "../shared/config/config-error.ts";
import type { SitesOptions } from "../simulator/sites.ts";
import type { Entry } from "./entry.ts";
import { type Flags, readFlags } from "./flags.ts";
import { type FrontDoors, openFrontDoors } from "./front-doors.ts";
import { judgeRun } from "./judge-run.ts";
import { readOutcome } from "./outcome.ts";
import { createPaint } from "./paint.ts";
import { playRun, type Show } from "./play-run.ts";
import { printNext, printSummary, statusCommand } from "./print-summary.ts";
import { runDocument } from "./run-document.ts";
import { sayStatus } from "./say-status.ts";
import { readScenario, scenarioNames } from "./scenario.ts";
import { Screen, type Terminal } from "./screen.ts";
import { type Run, startRun } from "./start-run.ts";
import { USAGE } from "./usage.ts";
import { type Watched, watchRun } from "./watch-run.ts";

export interface Surroundings {
  readonly out: Terminal;
  readonly error: (text: string) => void;
  readonly noColour: string | undefined;
  /** Ends the run early, or the serving after it. */
  readonly signal: AbortSignal;
  /** Where the sites meet the simulated Azure; by default on the wire. */
  readonly edge?: SitesOptions["edge"];
}

/** The whole of `npm start`: reads the flags, plays the scenario, judges it. Returns the exit code. */
export async function runDemo(argv: readonly string[], around: Surroundings): Promise<number> {
  const names = scenarioNames();
  const reading = readFlags(argv, names);
  switch (reading.kind) {
    case "help":
      around.out.write(USAGE);
      return 0;
    case "list":
      for (const name of names) {
        around.out.write(`${name.padEnd(20)} ${readScenario(name).title}\n`);
      }
      return 0;
    case "refused":
      around.error(`${reading.message}\n`);
      return 2;
    case "run":
      return play(reading.flags, around);
    default:
      return reading satisfies never;
  }
}

async function play(flags: Flags, around: Surroundings): Promise<number> {
  const run = await start(flags, around);
  if (run === null) return 2;
  try {
    const doors = flags.port === null ? null : await openFrontDoors(run, flags.port);
    try {
      return await playAndJudge(flags, around, run, doors);
    } finally {
      await doors?.close();
    }
  } finally {
    run.sites.stop();
  }
}

/** Null: the configuration was refused, and the reader has said why. */
async function start(flags: Flags, { error, edge = "wire" }: Surroundings): Promise<Run | null> {
  try {
    return await startRun(readScenario(flags.scenario), { ...flags, edge });
  } catch (thrown) {
    const missing = thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
    if (!missing && !(thrown instanceof ConfigError)) throw thrown;
    error(
      `${missing ? `Cannot read the configuration: no such file: ${flags.config}` : thrown.message}\n`,
    );
    return null;
  }
}

async function playAndJudge(
  flags: Flags,
  around: Surroundings,
  run: Run,
  doors: FrontDoors | null,
): Promise<number> {
  const { out, noColour, signal } = around;
  const watched = watchRun(run);
  const silent = { write: () => undefined, isTTY: false, columns: 0 };
  const screen = new Screen(flags.json ? silent : out, createPaint(out.isTTY, noColour));
  const entries: Entry[] = [];
  const show = createShow({ screen, run, watched, doors, kept: entries });

  printBeginning(screen, run, flags, doors);
  await playRun(run, watched, run.endAt, { speed: flags.speed, show, signal });
  screen.status("");
  if (signal.aborted) return 130;

  const outcome = readOutcome(run, watched);
  const findings = judgeRun(run, outcome);
  const door = doors?.doors[1] ?? doors?.doors[0] ?? null;
  if (flags.json)
    out.write(`${JSON.stringify(runDocument(run, outcome, findings, entries), null, 2)}\n`);
  printSummary(screen, run, outcome, findings);
  printNext(screen, run, flags.exit ? null : door);
  if (!flags.exit) {
    screen.line();
    screen.line("  The app goes on running, a minute in every second. Ctrl-C ends it.");
    const speed = flags.speed === "max" ? 60 : flags.speed;
    await playRun(run, watched, Number.POSITIVE_INFINITY, { speed, show, signal, skip: false });
    screen.status("");
  }
  return findings.every(({ holds }) => holds) ? 0 : 1;
}

function createShow(of: {
  readonly screen: Screen;
  readonly run: Run;
  readonly watched: Watched;
  readonly doors: FrontDoors | null;
  readonly kept: Entry[];
}): Show {
  const { screen, run, watched, doors, kept } = of;
  return {
    entries: (entries) => {
      kept.push(...entries);
      for (const entry of entries) screen.entry(entry);
    },
    step: async (skipping) => {
      screen.status(sayStatus(run, watched, skipping));
      await doors?.reopen();
    },
  };
}

function printBeginning(screen: Screen, run: Run, flags: Flags, doors: FrontDoors | null): void {
  const { scenario, group, config } = run;
  const { mode, graceMs, failback } = group.policy;
  screen.line(`${scenario.name}: ${scenario.title}`);
  screen.line(
    `${group.name} of ${group.home.region} and ${group.partner.region}, watched from ${config.sites.length} sites; mode ${mode}, grace ${graceMs / 60_000} min, failback ${failback.mode}`,
  );
  for (const { site, url } of doors?.doors ?? []) screen.line(`${site.padEnd(4)} ${url}`);
  const [, door] = doors?.doors ?? [];
  if (door !== undefined) screen.line(screen.paint(statusCommand(door), "dim"));
  const speed =
    flags.speed === "max" ? "as fast as it can be computed" : `${flags.speed} times life`;
  if (flags.bundle) screen.line("The app is the bundled one, in dist/local.");
  screen.line(
    `Lines with ! are the simulated world's own truth; the app does not see them. Speed: ${speed}.`,
  );
  screen.line();
  screen.heading();
}
