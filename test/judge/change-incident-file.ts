import type { IncidentFile, Signal } from "../../judge/incident-file.ts";
import type { Source } from "../../judge/sources.ts";

/** The same incident, written down otherwise. */
export type Change = (incidentFile: IncidentFile) => IncidentFile;

const SECOND = 1_000;
const LOOKS: readonly Source[] = [
  "tds_primary@A",
  "tds_primary@B",
  "tds_primary@C",
  "write_canary@A",
  "listener_rw@A",
];
/** What nothing comes of but that the primary looks dead to whoever asks. */
const DEAD: readonly (readonly [Source, string])[] = [
  ["tds_primary@A", "timeout"],
  ["tds_primary@B", "timeout"],
  ["tds_primary@C", "timeout"],
  ["write_canary@A", "timeout"],
  ["home_ref@B", "timeout"],
  ["home_ref@C", "timeout"],
  ["resource_health@A", "Unavailable"],
  ["arm_primary", "timeout"],
];

/** Every source says again what it said, at the same instant and a little later. */
export const repeatEverything: Change = (incidentFile) =>
  withSignals(
    incidentFile,
    incidentFile.signals.flatMap((signal) => {
      const again = { ...signal, atMs: signal.atMs + 7 * SECOND };
      const next = nextOf(incidentFile.signals, signal);
      return next !== undefined && next.atMs <= again.atMs
        ? [signal, signal]
        : [signal, signal, again];
    }),
  );

/** Sources that speak at one instant speak in the other order. */
export const reorderInstants: Change = (incidentFile) =>
  withSignals(
    incidentFile,
    incidentFile.signals.toSorted((a, b) => a.atMs - b.atMs || order(b.source, a.source)),
  );

/** Everything that happens after the beginning happens that much later. */
export const shiftedBy =
  (ms: number): Change =>
  (incidentFile) => ({
    ...withSignals(
      incidentFile,
      incidentFile.signals.map((s) => (s.atMs > 0 ? { ...s, atMs: s.atMs + ms } : s)),
    ),
    durationMs: incidentFile.durationMs + ms,
  });

/** The application goes on succeeding, whatever the looks say. */
export const applicationLives: Change = (incidentFile) => always(incidentFile, "app_e2e", 1);

/** One vantage outside goes on writing. */
export const thirdVantageWrites: Change = (incidentFile) =>
  always(always(incidentFile, "tds_primary@C", "ok"), "ref_probe@C", "ok");

/** What speaks against the primary is seen that much later; what speaks for it, when it was. */
export const downSeenLaterBy =
  (ms: number): Change =>
  (incidentFile) =>
    withSignals(
      incidentFile,
      incidentFile.signals.flatMap((signal) => {
        if (!LOOKS.includes(signal.source) || signal.value === "ok") return [signal];
        const later = { ...signal, atMs: signal.atMs + ms };
        const next = nextOf(incidentFile.signals, signal);
        return next === undefined || later.atMs < next.atMs ? [later] : [];
      }),
    );

/** From the first failed look on nobody gets an answer any more, told in either order. */
export const dead =
  (order: "first" | "last"): Change =>
  (incidentFile) => {
    const from = incidentFile.signals.find(
      ({ source, value }) => source.startsWith("tds_primary") && value !== "ok",
    )?.atMs;
    if (from === undefined) return incidentFile;
    const worse = DEAD.map(([source, value]): Signal => ({ atMs: from, source, value }));
    const kept = incidentFile.signals.filter(
      ({ atMs, source }) => atMs < from || !DEAD.some(([name]) => name === source),
    );
    return withSignals(incidentFile, order === "first" ? [...worse, ...kept] : [...kept, ...worse]);
  };

function withSignals(incidentFile: IncidentFile, signals: readonly Signal[]): IncidentFile {
  return { ...incidentFile, signals: signals.toSorted((a, b) => a.atMs - b.atMs) };
}

function always(incidentFile: IncidentFile, source: Source, value: Signal["value"]): IncidentFile {
  const others = incidentFile.signals.filter((signal) => signal.source !== source);
  return withSignals(incidentFile, [{ atMs: 0, source, value }, ...others]);
}

function nextOf(signals: readonly Signal[], signal: Signal): Signal | undefined {
  return signals.find(({ source, atMs }) => source === signal.source && atMs > signal.atMs);
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
