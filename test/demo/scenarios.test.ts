import { expect, it } from "vitest";
import { scenarioNames } from "../../demo/scenario.ts";
import { expectationsOf } from "../../demo/scenarios/expectations.ts";
import { THOROUGH } from "../support/thorough.ts";
import { play, playOnTheWire } from "./play.ts";

type Document = Awaited<ReturnType<typeof play>>["document"];

function events({ timeline }: Document, voice: "app" | "world"): readonly string[] {
  return timeline.filter((entry) => entry.voice === voice).map(({ event }) => event);
}

// Three hours of three sites: `npm run smoke`.
it.runIf(THOROUGH)(
  "region-loss: suspicion, grace, forced failover, receipt, home again after two hours",
  async () => {
    const { code, document } = await play("--scenario", "region-loss");
    expect(code).toBe(0);
    expect(document).toMatchObject({ outcome: "failed-over", rule: "primary-lost" });
    expect(document.failback?.state).toBe("done");
    expect(
      document.timeline.some(
        ({ at, event }) =>
          event === "key check: the secondary reaches its key" && at > "2026-03-03T09:04:00",
      ),
    ).toBe(true);
    const verdicts = document.timeline.flatMap(({ verdict, rule }) =>
      verdict === null ? [] : [`${verdict} ${rule}`],
    );
    expect(verdicts).toEqual([
      ...["hold grace", "fail-over primary-lost"],
      ...["hold soak", "hold window-closed", "fail-over home-again"],
    ]);
    const { atLeastSeconds, atMostSeconds, trueSeconds } = document.loss;
    expect(trueSeconds).toBeGreaterThan(0);
    expect(trueSeconds).toBeGreaterThanOrEqual(atLeastSeconds ?? Number.NaN);
    expect(trueSeconds).toBeLessThanOrEqual(atMostSeconds ?? Number.NaN);
    const { total, suspicion, confirmation } = document.phases;
    expect((suspicion ?? 0) + (confirmation ?? 0)).toBeGreaterThanOrEqual(300);
    expect(total).toBeGreaterThan(confirmation ?? Number.NaN);
  },
  60_000,
);

it("blip-43s: it watches, waits, and does nothing", async () => {
  const { code, document } = await play("--scenario", "blip-43s");
  expect(code).toBe(0);
  expect(document).toMatchObject({ outcome: "recovered", failback: null });
  expect(document.phases.total).toBeNull();
  expect(events(document, "world").some((event) => event.startsWith("request"))).toBe(false);
}, 60_000);

it("wan-partition: one region cannot declare the other dead", async () => {
  const { code, document } = await play("--scenario", "wan-partition");
  expect(code).toBe(0);
  expect(document).toMatchObject({ outcome: "not-confirmed", rule: "no-majority" });
  expect(document.loss).toMatchObject({ trueSeconds: 0, missingRows: 0 });
}, 60_000);

it("vault-unreachable: it asks while the key is unproven, and acts when it is", async () => {
  const { code, document } = await play("--scenario", "vault-unreachable");
  expect(code).toBe(0);
  expect(document).toMatchObject({ outcome: "failed-over", rule: "primary-lost" });
  const rules = document.timeline.flatMap(({ verdict, rule }) => (verdict === null ? [] : [rule]));
  expect(rules).toEqual(["grace", "guard", "primary-lost"]);
  const ask = document.timeline.find(({ event }) => event === "asks a person");
  expect(ask?.notes.join(" ")).toContain(
    "the secondary has not lately proven that it reaches its key",
  );
}, 60_000);

// Twenty minutes of it: `npm run smoke`.
it.runIf(THOROUGH)(
  "storage-gray: a planned failover first, and nothing is lost",
  async () => {
    const { code, document } = await play("--scenario", "storage-gray");
    expect(code).toBe(0);
    expect(document).toMatchObject({ outcome: "failed-over", rule: "planned-first" });
    expect(document.loss).toMatchObject({ atMostSeconds: 0, trueSeconds: 0, missingRows: 0 });
  },
  60_000,
);

it.runIf(THOROUGH)(
  "observe: the loss of a region is watched to its end, and nothing is requested",
  async () => {
    const { code, document } = await play("--scenario", "vault-unreachable", "--mode", "observe");
    expect(code).toBe(0);
    expect(document.mode).toBe("observe");
    expect(events(document, "world").some((event) => event.startsWith("request"))).toBe(false);
  },
  60_000,
);

it.runIf(THOROUGH)(
  "a seed tells the same story again, and another seed another one",
  async () => {
    const first = await playOnTheWire("--scenario", "blip-43s", "--seed", "7");
    const again = await playOnTheWire("--scenario", "blip-43s", "--seed", "7");
    const other = await play("--scenario", "blip-43s", "--seed", "8");
    expect(again.text).toBe(first.text);
    expect([first.document.seed, other.document.seed]).toEqual([7, 8]);
    expect(other.document.timeline).not.toEqual(first.document.timeline);
  },
  60_000,
);

it("every scenario has expectations, in every mode", () => {
  for (const name of scenarioNames()) {
    for (const mode of ["observe", "approve", "automatic"] as const) {
      expect(expectationsOf(name, mode).length, `${name} in ${mode}`).toBeGreaterThan(0);
    }
  }
});
