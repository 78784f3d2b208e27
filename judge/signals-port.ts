import { RATIO_WINDOW_MS } from "../shared/azure/application-ratio/ratio-source.ts";
import { reachedBy } from "../shared/azure/references.ts";
import { healthKind } from "../shared/azure/signals/health-advice.ts";
import type { Advice, AdviceKind } from "../shared/domain/facts.ts";
import type { Group } from "../shared/domain/group.ts";
import type { References } from "../shared/ports/references.ts";
import type { Signals } from "../shared/ports/signals.ts";
import { entriesOf } from "./activity-entries.ts";
import type { JudgedWorld } from "./judged-world.ts";
import type { HomeReference, Place } from "./sources.ts";

/** Telemetry is never of this very moment. */
const TELEMETRY_AGE_MS = 5_000;

/** What the platform and the application say. */
export function createSignalsPort(world: JudgedWorld, group: Group, startAt: number): Signals {
  return {
    application: async () => {
      const ratio = world.read("app_e2e");
      return ratio === "unknown"
        ? { kind: "unknown", because: "no-telemetry" }
        : {
            kind: "ratio",
            value: ratio,
            ageMs: world.read("app_e2e_age_s") * 1_000,
            windowMs: RATIO_WINDOW_MS,
          };
    },
    capacityAt: async (_group, target) => {
      if (!world.incidentFile.config.capacityRequired) return "not-required";
      if (target === "home") return "ready";
      const capacity = world.read("app_capacity@B");
      return capacity === "not_ready" ? "not-ready" : capacity;
    },
    activity: async (_group, sinceMs) => {
      const now = world.now();
      const all = entriesOf(world.timeline, group, startAt, now);
      const fromAt = startAt + now - sinceMs;
      const entries = all.filter(
        ({ startedAt, ended }) =>
          Math.max(startedAt ?? fromAt - 1, ended?.at ?? fromAt - 1) >= fromAt,
      );
      return { kind: "read", entries };
    },
    advice: async () => adviceNow(world),
  };
}

function adviceNow(world: JudgedWorld): readonly Advice[] {
  const ageMs = world.read("metrics_age_s@A") * 1_000;
  const [primary, secondary] = [world.read("arm_primary"), world.read("arm_secondary")];
  const whole = world.read("arm_global");
  const arm = (side: typeof primary): Said =>
    whole !== "ok" ? said(whole) : side.kind === "state" ? ok(side.state) : said(side.kind);
  const state = world.read("resource_health@A");
  const health = { kind: healthKind(state), said: state, ageMs };
  const told = (source: Advice["source"], { kind, said: words }: Said): Advice => {
    return { source, kind, said: words, ageMs: TELEMETRY_AGE_MS };
  };
  return [
    { source: "resource-health", ...health },
    told("service-health", said(world.read("service_health"))),
    told("primary-arm", arm(primary)),
    told("secondary-arm", arm(secondary)),
    told("dns-listener", said(world.read("dns_listener"))),
    told("dns-control", said(world.read("dns_control"))),
    told("identity", said(world.read("identity"))),
  ];
}

type Said = Pick<Advice, "kind" | "said">;

const KINDS: Readonly<Record<string, AdviceKind>> = {
  ok: "ok",
  none: "ok",
  A: "ok",
  B: "ok",
  timeout: "failing",
  "5xx": "failing",
  servfail: "failing",
  throttled: "throttled",
  throttled_429: "throttled",
  unknown: "unknown",
};

/** A word of the format. Those that are not listed tell of some trouble of their subject. */
function said(words: string): Said {
  return { kind: KINDS[words] ?? "bad", said: words };
}

function ok(words: string): Said {
  return { kind: "ok", said: words };
}

/** The probe's own reference, and the home region's off the SQL path. */
export function createReferencesPort(world: JudgedWorld, from: Place): References {
  return {
    reach: async (target, timeoutMs) => {
      const signal = target.includes("home-")
        ? homeSeen(world, from, target)
        : world.read(`ref_probe@${from}`);
      if (signal === "timeout") await world.clock.sleep(timeoutMs);
      if (typeof signal === "object") return reachedBy(signal.code);
      return signal === "ok" ? "ok" : "failed";
    },
  };
}

/** Incident files tell of A's only. What nobody tells of was not reached. */
function homeSeen(world: JudgedWorld, from: Place, target: string): HomeReference {
  if (from === "A" || !target.includes("home-a.")) return "unknown";
  return world.read(`home_ref@${from}`);
}
