import { adminPages } from "./admin-http.ts";
import type { Agenda } from "./agenda.ts";
import type { Clock } from "./clock.ts";
import { DurableHttp } from "./durable-http.ts";
import { clientBinding } from "./durable-links.ts";
import { Engine } from "./engine.ts";
import type { FunctionTable } from "./engine-options.ts";
import { Front } from "./front.ts";
import type { HostSettings } from "./host-settings.ts";
import { HttpFunctions } from "./http-functions.ts";
import type { Keys } from "./keys.ts";
import type { Latency } from "./latency.ts";
import type { Lint } from "./lint.ts";
import { Management } from "./management.ts";
import type { Random } from "./random.ts";
import type { Store } from "./store.ts";
import { TimerTriggers } from "./timer-triggers.ts";
import type { RegisteredFunction } from "./worker.ts";
import type { WorkerSlot } from "./worker-slot.ts";

export interface Materials {
  name: string;
  baseUrl: string;
  rpcBaseUrl: string;
  settings: HostSettings;
  appSettings: Record<string, string>;
  fullMetadata: boolean;
  functions: readonly RegisteredFunction[];
  keys: Keys;
  store: Store;
  clock: Clock;
  agenda: Agenda;
  latency: Latency;
  random: Random;
  slot: WorkerSlot;
  lint: Lint;
  log(level: string, message: string): void;
  trace(entry: string): void;
}

export interface Parts {
  engine: Engine;
  timers: TimerTriggers;
  durable: DurableHttp;
  front: Front;
}

/** Few turns that find no worker lose their instance; most wait for the next one. */
const GAP_FAILURE_RATE = 0.35;

/** Builds the parts of a host around its app, ready to start. */
export function assemble(materials: Materials): Parts {
  const { settings, functions, keys, random, clock, agenda } = materials;
  const engine = new Engine({
    ...materials,
    random: random.fork("engine"),
    functions: tableOf(functions),
    durableClient: () => bindingOf(materials),
    partitionCount: settings.partitionCount,
    activitiesMax: settings.activitiesMax,
    messageHiddenMs: settings.messageHiddenMs,
    activityHiddenMs: settings.activityHiddenMs,
    gapFailureRate: GAP_FAILURE_RATE,
  });
  const management = new Management({
    ...materials,
    engine,
    random: random.fork("management"),
    replaceAnyState: settings.replaceAnyState,
  });
  const timers = new TimerTriggers({
    ...materials,
    random: random.fork("timers"),
    settings: materials.appSettings,
    timerLeaseRetryMs: settings.timerLeaseRetryMs,
    durableClient: () => bindingOf(materials),
  });
  const hub = { hubName: settings.hubName, systemKey: keys.system };
  const durable = new DurableHttp({ management, clock, agenda, hub, lint: materials.lint });
  return { engine, timers, durable, front: frontOf(materials, durable) };
}

function frontOf(materials: Materials, durable: DurableHttp): Front {
  const { routePrefix } = materials.settings;
  const invocationIds = materials.random.fork("http");
  const functions = new HttpFunctions({
    ...materials,
    routePrefix,
    newId: () => invocationIds.uuid(),
    durableClient: () => bindingOf(materials),
  });
  return new Front({
    ...materials,
    functions,
    durable,
    admin: adminPages({ ...materials, routePrefix }),
  });
}

function bindingOf({ baseUrl, rpcBaseUrl, settings, keys }: Materials): string {
  const hub = { hubName: settings.hubName, systemKey: keys.system };
  // The real host says https whatever it listens on.
  return clientBinding(baseUrl.replace(/^http:/, "https:"), rpcBaseUrl, hub);
}

function tableOf(functions: readonly RegisteredFunction[]): FunctionTable {
  const byName = new Map(functions.map((fn) => [fn.name.toLowerCase(), fn]));
  return { find: (name) => byName.get(name.toLowerCase()) ?? null, all: () => functions };
}
