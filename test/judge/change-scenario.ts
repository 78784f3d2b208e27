import type { Scenario, Signal } from "../../judge/scenario.ts";
import type { Source } from "../../judge/sources.ts";

/** The same incident, written down otherwise. */
export type Change = (scenario: Scenario) => Scenario;

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
export const repeatEverything: Change = (scenario) =>
  withSignals(
    scenario,
    scenario.signals.flatMap((signal) => {
      const again = { ...signal, atMs: signal.atMs + 7 * SECOND };
      const next = nextOf(scenario.signals, signal);
      return next !== undefined && next.atMs <= again.atMs
        ? [signal, signal]
        : [signal, signal, again];
    }),
  );

/** Sources that speak at one instant speak in the other order. */
export const reorderInstants: Change = (scenario) =>
  withSignals(
    scenario,
    scenario.signals.toSorted((a, b) => a.atMs - b.atMs || order(b.source, a.source)),
  );

/** Everything that happens after the beginning happens that much later. */
export const shiftedBy =
  (ms: number): Change =>
  (scenario) => ({
    ...withSignals(
      scenario,
      scenario.signals.map((s) => (s.atMs > 0 ? { ...s, atMs: s.atMs + ms } : s)),
    ),
    durationMs: scenario.durationMs + ms,
  });

/** The application goes on succeeding, whatever the looks say. */
export const applicationLives: Change = (scenario) => always(scenario, "app_e2e", 1);

/** One vantage outside goes on writing. */
export const thirdVantageWrites: Change = (scenario) =>
  always(always(scenario, "tds_primary@C", "ok"), "ref_probe@C", "ok");

/** What speaks against the primary is seen that much later; what speaks for it, when it was. */
export const downSeenLaterBy =
  (ms: number): Change =>
  (scenario) =>
    withSignals(
      scenario,
      scenario.signals.flatMap((signal) => {
        if (!LOOKS.includes(signal.source) || signal.value === "ok") return [signal];
        const later = { ...signal, atMs: signal.atMs + ms };
        const next = nextOf(scenario.signals, signal);
        return next === undefined || later.atMs < next.atMs ? [later] : [];
      }),
    );

/** From the first failed look on nobody gets an answer any more, told in either order. */
export const dead =
  (order: "first" | "last"): Change =>
  (scenario) => {
    const from = scenario.signals.find(
      ({ source, value }) => source.startsWith("tds_primary") && value !== "ok",
    )?.atMs;
    if (from === undefined) return scenario;
    const worse = DEAD.map(([source, value]): Signal => ({ atMs: from, source, value }));
    const kept = scenario.signals.filter(
      ({ atMs, source }) => atMs < from || !DEAD.some(([name]) => name === source),
    );
    return withSignals(scenario, order === "first" ? [...worse, ...kept] : [...kept, ...worse]);
  };

function withSignals(scenario: Scenario, signals: readonly Signal[]): Scenario {
  return { ...scenario, signals: signals.toSorted((a, b) => a.atMs - b.atMs) };
}

function always(scenario: Scenario, source: Source, value: Signal["value"]): Scenario {
  const others = scenario.signals.filter((signal) => signal.source !== source);
  return withSignals(scenario, [{ atMs: 0, source, value }, ...others]);
}

function nextOf(signals: readonly Signal[], signal: Signal): Signal | undefined {
  return signals.find(({ source, atMs }) => source === signal.source && atMs > signal.atMs);
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
