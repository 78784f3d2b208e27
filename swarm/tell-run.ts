import type { Chronicle } from "./chronicle.ts";
import { type Move, nameOf } from "./move.ts";
import { SECOND } from "./troubles.ts";

interface Told {
  readonly at: number;
  readonly text: string;
}

/** One line for every event of a run, in the order in which they came. */
export function tellRun(run: Chronicle): readonly string[] {
  const told: readonly Told[] = [
    ...run.plan.moves.flatMap((move) => tellMove(run.startAt, move)),
    ...run.orders.map(({ at, site, who, what, status }) => ({
      at,
      text: `person  ${who} asks ${site} to ${what}: ${status ?? "no answer"}`,
    })),
    ...run.record.posts.map(({ at, from, kind, side, answer }) => ({
      at,
      text: `request ${from} asks for a ${kind} failover to ${side}: ${answer}`,
    })),
    ...run.record.roles.map(({ at, primary, by, kind }) => ({
      at,
      text: `roles   ${primary} is primary (${kind}, by ${by})`,
    })),
    ...run.record.sent.map(({ at, site, event }) => ({
      at,
      text: `told    ${site} ${event.type}: ${event.text}`,
    })),
    ...Object.values(run.rows).flatMap(({ audit }) =>
      audit.map(({ at, site, action, rule }) => ({
        at,
        text: `audit   ${site} ${action}${rule === null ? "" : ` (${rule})`}`,
      })),
    ),
  ];
  const lines = told
    .toSorted((a, b) => a.at - b.at)
    .map(
      ({ at, text }) => `${secondsOf(at - run.startAt).padStart(8)} ${text.replaceAll("\n", " ")}`,
    );
  // An entry of the audit may be kept in more stores than one.
  return lines.filter((line, index) => line !== lines[index - 1]);
}

function tellMove(startAt: number, move: Move): readonly Told[] {
  switch (move.kind) {
    case "fault": {
      const { at, for: forMs } = move.fault;
      const text = sayMove(move);
      return [
        { at: startAt + at, text: `begins  ${text}` },
        { at: startAt + at + forMs, text: `ends    ${text}` },
      ];
    }
    case "death":
      return [{ at: startAt + move.at, text: `dies    ${sayMove(move)}` }];
    case "pause":
    case "answer":
    case "call":
      return [];
    default:
      return move satisfies never;
  }
}

/** A move in one line: what it is, and about what. */
function sayMove(move: Move): string {
  const times = ["at", "for", "fault", "kind"];
  const about = move.kind === "fault" ? move.fault : move;
  const rest = Object.entries(about).filter(([key]) => !times.includes(key));
  return [nameOf(move), ...rest.map(([key, value]) => `${key}=${value}`)].join(" ");
}

/** The same with its time, for a list of them. */
export function sayTimedMove(move: Move): string {
  const at =
    move.kind === "fault" ? move.fault.at : move.kind === "answer" ? move.afterMs : move.at;
  const lasts = move.kind === "fault" ? ` for ${secondsOf(move.fault.for)}` : "";
  return `${move.kind === "answer" ? "after" : "at"} ${secondsOf(at)}${lasts} ${sayMove(move)}`;
}

function secondsOf(ms: number): string {
  return `${(ms / SECOND).toFixed(1)} s`;
}
