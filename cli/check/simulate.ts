import { readScenario, type Scenario, scenarioNames } from "../../demo/scenario.ts";
import { type Run, startRun } from "../../demo/start-run.ts";
import { ConfigError } from "../../shared/config/config-error.ts";
import type { Config } from "../../shared/domain/group.ts";
import { nearest } from "../../shared/text/nearest.ts";
import { durationMs, type Fault } from "../../simulator/faults.ts";
import { findConfigured } from "../read-policy.ts";
import { createReads } from "./azure-reads.ts";
import { checkEverything } from "./check-everything.ts";
import type { Finding } from "./finding.ts";
import { createInquiry, type InquiryOptions } from "./inquiry.ts";
import type { Heading } from "./render-findings.ts";
import { type Listener, reachSimulation } from "./simulated-reach.ts";

export interface Simulation {
  /** The configuration to simulate; null for that of `npm start`. */
  readonly config: string | null;
  readonly group: string;
  readonly scenario: string;
  /** How long the world has lived when it is checked, as an ISO duration. */
  readonly after: string;
  readonly options: (config: Config) => InquiryOptions | string;
  /** Faults besides those of the scenario. */
  readonly faults?: readonly Fault[];
  readonly listener?: Listener;
  readonly seed?: number;
  /** The world as it is when all has been checked. */
  readonly afterwards?: (run: Run) => void;
}

export type Simulated =
  | { readonly kind: "checked"; readonly heading: Heading; readonly findings: readonly Finding[] }
  | { readonly kind: "refused"; readonly because: string };

/** Lets a simulated Azure with all its sites live for a while, and checks it from an operator's laptop. */
export async function simulate(simulation: Simulation): Promise<Simulated> {
  const begun = await begin(simulation);
  if (typeof begun === "string") return { kind: "refused", because: begun };
  const { run, afterMs } = begun;
  try {
    return await check(run, afterMs, simulation);
  } finally {
    run.sites.stop();
  }
}

async function begin(simulation: Simulation): Promise<{ run: Run; afterMs: number } | string> {
  const scenario = scenarioOf(simulation);
  if (typeof scenario === "string") return scenario;
  try {
    const afterMs = durationMs(simulation.after);
    const { config, seed = 1 } = simulation;
    return { run: await startRun(scenario, { config, mode: null, seed }), afterMs };
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return `Cannot read the configuration: no such file: ${simulation.config}`;
    }
    if (error instanceof Error && error.message.startsWith("Cannot read a duration")) {
      return error.message;
    }
    throw error;
  }
}

function scenarioOf({ scenario: name, faults = [] }: Simulation): Scenario | string {
  const names = scenarioNames();
  if (!names.includes(name)) {
    const meant = nearest(name, names);
    const hint = meant === null ? names.join(", ") : `did you mean ${meant}?`;
    return `Cannot find scenario ${name}: ${hint}`;
  }
  const scenario = readScenario(name);
  return { ...scenario, faults: [...scenario.faults, ...faults] };
}

async function check(run: Run, afterMs: number, simulation: Simulation): Promise<Simulated> {
  const { config, clock } = run;
  const found = findConfigured(config, simulation.group);
  if (found.kind === "refused") return found;
  const options = simulation.options(config);
  if (typeof options === "string") return { kind: "refused", because: options };
  await clock.runUntil(clock.now() + afterMs);
  const at = clock.now();
  const { close, ...reach } = reachSimulation(run, simulation.listener);
  try {
    const inquiry = createInquiry(config, found.group, createReads(reach), options);
    const findings = await played(run, checkEverything(inquiry));
    simulation.afterwards?.(run);
    const as = `in a simulated Azure: ${simulation.scenario}, after ${simulation.after}`;
    return {
      kind: "checked",
      heading: { group: found.group.name, against: "simulation", as, at },
      findings,
    };
  } finally {
    await close();
  }
}

/** Simulated time passes until the work is done. */
async function played<T>({ clock }: Run, work: Promise<T>): Promise<T> {
  let over = false;
  const end = (): void => {
    over = true;
  };
  work.then(end, end);
  await clock.runUntil(() => over);
  return work;
}
