import { clockTime, sayMs } from "../shared/text/say-time.ts";
import type { Door } from "./front-doors.ts";
import type { Finding } from "./judge-run.ts";
import type { Outcome, PhaseSeconds } from "./outcome.ts";
import { sayLoss } from "./say-receipt.ts";
import type { Screen } from "./screen.ts";
import type { Run } from "./start-run.ts";

/** What came of it: time per phase, the loss as promised beside the true one, the way home, the verdict. */
export function printSummary(
  screen: Screen,
  run: Run,
  outcome: Outcome,
  findings: readonly Finding[],
): void {
  const { end, rule, phases, loss } = outcome;
  const row = (name: string, text: string) => screen.line(`  ${name.padEnd(10)} ${text}`);
  screen.line();
  row("outcome", rule === null ? end : `${end}, last rule ${rule}`);
  if (phases.total !== null) {
    row("phases", PHASES.map(([key, says]) => `${says} ${say(phases[key])}`).join(", "));
    row("", `from the first failed look to verified: ${say(phases.total)}`);
  }
  row("loss", sayTrueLoss(loss));
  row("failback", sayFailback(outcome));
  screen.line();
  screen.line("  The simulated world's own ledger says:");
  for (const { says, holds } of findings) {
    screen.line(screen.paint(`  ${holds ? "ok  " : "NOT "}  ${says}`, holds ? "green" : "red"));
  }
  const held = findings.every(({ holds }) => holds);
  const verdict = held ? "as expected" : "NOT as expected";
  screen.line();
  screen.line(
    screen.paint(
      `  ${run.scenario.name}, seed ${run.world.seed}: ${verdict}`,
      held ? "green" : "red",
    ),
  );
}

const PHASES: readonly (readonly [keyof PhaseSeconds, string])[] = [
  ["suspicion", "suspicion"],
  ["confirmation", "confirmation"],
  ["request", "request"],
  ["failover", "failover"],
  ["verification", "verification"],
];

function say(seconds: number | null): string {
  return seconds === null ? "-" : sayMs(seconds * 1_000);
}

function sayTrueLoss({ atLeastSeconds, atMostSeconds, trueSeconds, missingRows }: Outcome["loss"]) {
  const truth =
    missingRows === 0 ? "nothing" : `${trueSeconds} s, ${missingRows} acknowledged rows`;
  if (atLeastSeconds === null) return `truly lost: ${truth}`;
  return `receipt: ${sayLoss({ atLeastSeconds, atMostSeconds })}; truly lost: ${truth}`;
}

function sayFailback({ failback }: Outcome): string {
  if (failback === null) return "none: home was never left";
  const { state, failedOverAt, protectedAt, doneAt } = failback;
  const steps = [
    `away since ${clockTime(failedOverAt)}`,
    protectedAt === null ? "not protected yet" : `protected again ${clockTime(protectedAt)}`,
    doneAt === null ? `failback ${state}` : `home ${clockTime(doneAt)}`,
  ];
  return steps.join(", ");
}

/** Three commands to go on with. */
export function printNext(screen: Screen, run: Run, door: Door | null): void {
  const other = run.scenario.name === "blip-43s" ? "region-loss" : "blip-43s";
  const why = other === "blip-43s" ? "see it not act" : "see it act";
  const next = [
    [`npm start -- --scenario ${other}`, why],
    ...(door === null ? [] : [[statusCommand(door), "what the app says now"]]),
    ["npm run rules", "every rule it decides by"],
  ];
  screen.line();
  screen.line("  Next:");
  for (const [command = "", says = ""] of next) {
    screen.line(`    ${command}  ${screen.paint(`# ${says}`, "dim")}`);
  }
}

export function statusCommand({ url, key }: Door): string {
  return `curl -H "x-functions-key: ${key}" ${url}/status`;
}
