// Three sites on one simulated Azure: real triggers, real rules, the local host, virtual time. Their
// motor is a stand-in that does nothing, so that what a test sees is what a trigger did.

import * as df from "durable-functions";
import { startHost } from "functions-host";
import { VirtualClock } from "functions-host/clock";
import type { FetchResponse, Host } from "functions-host/host-options";
import type { App } from "../../../functions/app.ts";
import { registerAlert } from "../../../functions/triggers/alert.ts";
import { registerApprove } from "../../../functions/triggers/approve.ts";
import { registerDeny } from "../../../functions/triggers/deny.ts";
import { registerFailback } from "../../../functions/triggers/failback.ts";
import { registerFailover } from "../../../functions/triggers/failover.ts";
import { registerHealth } from "../../../functions/triggers/health.ts";
import { registerObservations } from "../../../functions/triggers/observations.ts";
import { registerOverride } from "../../../functions/triggers/override.ts";
import { registerPause } from "../../../functions/triggers/pause.ts";
import { registerResume } from "../../../functions/triggers/resume.ts";
import { registerStatus } from "../../../functions/triggers/status.ts";
import { registerWithdrawOverride } from "../../../functions/triggers/withdraw-override.ts";
import { ORCHESTRATION } from "../../../orchestrations/contracts.ts";
import { retentionOf } from "../../../shared/config/retention.ts";
import {
  type Config,
  type Group,
  type Instance,
  otherSide,
  type Side,
  type Site,
} from "../../../shared/domain/group.ts";
import { TravellingReport } from "../../../shared/domain/travelling.ts";
import { noKeyProof } from "../../../shared/domain/watch.ts";
import { createStores, readOwn } from "../../../shared/ledger/group-ledger.ts";
import { beat } from "../../../shared/ledger/heartbeats.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { keepKeyProof, keepWatch } from "../../../shared/ledger/watches.ts";
import type { Peers } from "../../../shared/ports/peers.ts";
import { createFailoverGroupsPort } from "../../../simulator/azure/port/failover-groups-port.ts";
import { createIdentityPort } from "../../../simulator/azure/port/identity-port.ts";
import { createInstancesPort } from "../../../simulator/azure/port/instances-port.ts";
import { createKeyPathPort } from "../../../simulator/azure/port/key-path-port.ts";
import { createMemoryStores } from "../../../simulator/azure/port/memory-store.ts";
import { createNotifierPort } from "../../../simulator/azure/port/notifier-port.ts";
import { createReferencesPort } from "../../../simulator/azure/port/references-port.ts";
import { createSignalsPort } from "../../../simulator/azure/port/signals-port.ts";
import { createSqlPort } from "../../../simulator/azure/port/sql-port.ts";
import { createWorld } from "../../../simulator/azure/world/create-world.ts";
import type { World } from "../../../simulator/azure/world/world.ts";

export const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5, 9);
const SUBSCRIPTION = "0a6f2c1e-5b7d-4e7e-9d55-3c1b8f0e2a77";

function instance(name: string, region: string): Instance {
  return {
    id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-orders/providers/Microsoft.Sql/managedInstances/${name}`,
    subscriptionId: SUBSCRIPTION,
    resourceGroup: "rg-orders",
    name,
    region,
    fqdn: `${name}.abc123.database.windows.net`,
    regionReference: null,
  };
}

function site(name: string, region: string): Site {
  return { name, region, url: `http://${name}.localhost`, reference: null, store: null };
}

export const SITES = [
  site("weu", "westeurope"),
  site("neu", "northeurope"),
  site("sec", "swedencentral"),
];

function group(name: string, change: Partial<Group> = {}): Group {
  return {
    name,
    home: instance(`mi-${name}-weu`, "westeurope"),
    partner: instance(`mi-${name}-neu`, "northeurope"),
    canary: { database: "orders" },
    application: null,
    alertTargets: [],
    changeScopes: [],
    policy: {
      mode: "automatic",
      intervalMs: 10_000,
      probeTimeoutMs: 8_000,
      graceMs: 5 * MINUTE,
      grayGraceMs: 10 * MINUTE,
      rtoMs: 15 * 60_000,
      lossBudgetMs: 30_000,
      cooldownMs: 60 * MINUTE,
      flapping: { outages: 3, withinMs: 30 * MINUTE },
      keyProofMs: 15 * MINUTE,
      approvalMs: 15 * MINUTE,
      automatic: ["regional-loss", "instance-loss", "gray-writes"],
      vantages: SITES.map(({ name: vantage, region }) => ({ name: vantage, region })),
      canary: true,
      applicationFloor: null,
      capacityRequired: false,
      freeze: [],
      failback: { mode: "approve", window: null, soakMs: 120 * MINUTE },
    },
    ...change,
  };
}

export const GATEWAY =
  "/subscriptions/5c9d4c52-1111-4222-8333-944455556666/resourceGroups/rg-shop/providers/Microsoft.Network/applicationGateways/agw-shop";

export const ORDERS = group("orders-fog");
export const BILLING = group("billing-fog", { alertTargets: [GATEWAY] });

export interface SiteUnderTest {
  readonly app: App;
  readonly host: Host;
}

export interface Asking {
  readonly method?: "GET" | "POST";
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface Sites {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly weu: SiteUnderTest;
  readonly neu: SiteUnderTest;
  readonly sec: SiteUnderTest;
  /** Calls a function of the leading site, or of another, with its key. */
  call(path: string, asking?: Asking, at?: SiteUnderTest): Promise<Told>;
  /** Calls side by side, at one site or at several. */
  callAll(
    calls: readonly (readonly [path: string, asking: Asking, at?: SiteUnderTest])[],
  ): Promise<readonly Told[]>;
  /** Runs something that waits for virtual time. */
  run<T>(work: Promise<T>): Promise<T>;
}

/** Starts three sites whose last tick was just now and found everything well. */
export async function startSites(): Promise<Sites> {
  const clock = new VirtualClock(START);
  const world = createWorld({
    clock,
    seed: 1,
    groups: [ORDERS, BILLING],
    sites: SITES,
    keys: "service",
  });
  const hosts = new Map<string, Host>();
  const started = await Promise.all(SITES.map((self) => startSite(world, clock, self, hosts)));
  const [weu, neu, sec] = started;
  if (weu === undefined || neu === undefined || sec === undefined) throw new Error("no sites");
  const run = async <T>(work: Promise<T>): Promise<T> => {
    let done = false;
    const mark = (): void => {
      done = true;
    };
    void work.then(mark, mark);
    await clock.runUntil(() => done);
    return work;
  };
  await run(Promise.all(started.map(({ app }) => tickOnce(app))));
  const call = async (path: string, asking: Asking = {}, at = neu): Promise<Told> =>
    told(await fetchWithKey(at.host, path, asking));
  return {
    world,
    clock,
    weu,
    neu,
    sec,
    run,
    call: (path, asking, at) => run(call(path, asking, at)),
    callAll: (calls) => run(Promise.all(calls.map(([path, asking, at]) => call(path, asking, at)))),
  };
}

async function startSite(
  world: World,
  clock: VirtualClock,
  self: Site,
  hosts: Map<string, Host>,
): Promise<SiteUnderTest> {
  const config: Config = {
    self,
    sites: SITES,
    groups: [ORDERS, BILLING],
    notify: { webhook: null },
    tickMs: 15_000,
    retention: retentionOf({}),
    digest: "digest-of-the-policy",
  };
  const stores = createMemoryStores(world, self);
  let ids = 0;
  const app: App = {
    config,
    stores: createStores(config, stores, clock),
    ports: {
      clock,
      failoverGroups: createFailoverGroupsPort(world, self),
      instances: createInstancesPort(world, self),
      keyPath: createKeyPathPort(world, self),
      sql: createSqlPort(world, self),
      references: createReferencesPort(world, self),
      peers: peersOver(hosts),
      stores,
      notifier: createNotifierPort(world, self),
      signals: createSignalsPort(world, self),
      identity: createIdentityPort(world, self),
      newId: () => `${self.name}-id-${ids++}`,
    },
  };
  const host = await startHost({
    name: self.name,
    app: { kind: "registered", register: () => registerAll(app) },
    hostJson: {},
    clock,
    seed: 1,
    latency: "none",
  });
  hosts.set(self.name, host);
  return { app, host };
}

function registerAll(app: App): void {
  for (const register of [
    registerAlert,
    registerApprove,
    registerDeny,
    registerFailback,
    registerFailover,
    registerHealth,
    registerObservations,
    registerOverride,
    registerWithdrawOverride,
    registerPause,
    registerResume,
    registerStatus,
  ]) {
    register(app);
  }
  df.app.orchestration(ORCHESTRATION.incident, function* standIn(context) {
    context.df.setCustomStatus({ phase: "looking" });
    yield context.df.waitForExternalEvent("Never");
  });
}

/** The other sites over their own HTTP functions. */
function peersOver(hosts: ReadonlyMap<string, Host>): Peers {
  return {
    observe: async ({ name }, groupName) => {
      const host = hosts.get(name);
      if (host === undefined) return { kind: "unheard", because: "no-host" };
      const { json } = told(await fetchWithKey(host, `observations/${groupName}`, {}));
      const report = TravellingReport.safeParse(json);
      if (!report.success) return { kind: "unheard", because: "not-a-report" };
      const { looks, tallies, secondary, lastTickAgeMs } = report.data;
      return { kind: "heard", looks, tallies, secondary, lastTickAgeMs };
    },
    tick: async () => "failed",
  };
}

async function fetchWithKey(host: Host, path: string, asking: Asking): Promise<FetchResponse> {
  const body = asking.raw ?? (asking.body === undefined ? undefined : JSON.stringify(asking.body));
  return host.fetch({
    method: asking.method ?? (body === undefined ? "GET" : "POST"),
    url: `/api/${path}`,
    headers: {
      "x-functions-key": host.keys.host,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...asking.headers,
    },
    ...(body === undefined ? {} : { body }),
  });
}

function told({ status, headers, body }: FetchResponse): Told {
  const text = Buffer.from(body).toString("utf8");
  const json: unknown = text === "" ? {} : JSON.parse(text);
  if (typeof json !== "object" || json === null) throw new Error(`not an object: ${text}`);
  return { status, headers, text, json: { ...json } };
}

/** A tick that has seen no other site, and looked at every group. */
export function wellNow({ config, ports }: App): Parameters<typeof beat>[1] {
  const lookedAt = ports.clock.now();
  const groups = config.groups.map(({ name }) => ({
    group: name,
    lookedAt,
    failedBecause: null,
    sight: null,
  }));
  return { seen: {}, report: { groups, unreadable: [] } };
}

/** What a tick would have written down: all is well. */
async function tickOnce(app: App): Promise<void> {
  const own = await readLive(app.stores.own);
  await beat(own, wellNow(app), app.ports.clock.now());
  for (const group of app.config.groups) await comesToKnow(app, group, "home");
}

/** The site has read the roles: that side is primary, and the other one needs no key. */
export async function comesToKnow(app: App, group: Group, primary: Side): Promise<void> {
  const ledger = app.stores.of(group);
  const now = app.ports.clock.now();
  const view = await readOwn(ledger);
  await keepWatch(view, (watch) => ({
    ...watch,
    primary,
    rolesReadAt: now,
    fitness: { kind: "fit" },
    fitnessReadAt: now,
  }));
  await keepKeyProof(view, {
    ...noKeyProof(otherSide(primary)),
    keyPath: { answer: { kind: "not-needed" }, answeredAt: now },
    keyCheckedAt: now,
  });
}
