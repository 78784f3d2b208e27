import { type Path, valueAt } from "./complaint.ts";
import type { GroupEntry } from "./config-file.ts";
import { BUILT_IN, type CompleteSettings, type Settings } from "./settings.ts";

/** A group with the settings that hold for it, and where each of them was written. */
export interface SettledGroup {
  readonly index: number;
  readonly entry: GroupEntry;
  readonly settings: CompleteSettings;
  /** The path of the first of these settings that the group wrote itself, else of the first in defaults. */
  blame(...keys: readonly Path[]): Path;
}

/** Lets a group override the defaults, and the defaults what is built in; mappings key by key. */
export function settleGroup(index: number, entry: GroupEntry, defaults: Settings): SettledGroup {
  const flapping = { ...defaults.flapping, ...entry.flapping };
  const failback = { ...defaults.failback, ...entry.failback };
  const pick = <K extends keyof Settings>(key: K) => entry[key] ?? defaults[key];
  return {
    index,
    entry,
    settings: {
      mode: pick("mode") ?? BUILT_IN.mode,
      interval: pick("interval") ?? BUILT_IN.interval,
      probeTimeout: pick("probeTimeout") ?? BUILT_IN.probeTimeout,
      grace: pick("grace") ?? BUILT_IN.grace,
      grayGrace: pick("grayGrace") ?? BUILT_IN.grayGrace,
      rto: pick("rto") ?? BUILT_IN.rto,
      allowShortGrace: pick("allowShortGrace") ?? BUILT_IN.allowShortGrace,
      lossBudget: pick("lossBudget") ?? BUILT_IN.lossBudget,
      cooldown: pick("cooldown") ?? BUILT_IN.cooldown,
      keyProof: pick("keyProof") ?? BUILT_IN.keyProof,
      approval: pick("approval") ?? BUILT_IN.approval,
      automatic: pick("automatic") ?? BUILT_IN.automatic,
      freeze: pick("freeze") ?? BUILT_IN.freeze,
      flapping: {
        outages: flapping.outages ?? BUILT_IN.flapping.outages,
        within: flapping.within ?? BUILT_IN.flapping.within,
      },
      failback: {
        mode: failback.mode ?? BUILT_IN.failback.mode,
        window: failback.window ?? BUILT_IN.failback.window,
        for: failback.for,
        timezone: failback.timezone,
        soak: failback.soak ?? BUILT_IN.failback.soak,
      },
    },
    blame: (...keys) => blamed(index, entry, defaults, keys),
  };
}

function blamed(index: number, entry: GroupEntry, defaults: Settings, keys: readonly Path[]): Path {
  const own = keys.find((key) => valueAt(entry, key) !== undefined);
  if (own !== undefined) return ["groups", index, ...own];
  const shared = keys.find((key) => valueAt(defaults, key) !== undefined);
  if (shared !== undefined) return ["defaults", ...shared];
  return ["groups", index, "name"];
}
