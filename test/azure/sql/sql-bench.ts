import { VirtualClock } from "functions-host/clock";
import type { SqlCredential } from "../../../shared/azure/sql/conversation.ts";
import { createSession } from "../../../shared/azure/sql/session.ts";
import { createSql } from "../../../shared/azure/sql.ts";
import type { Group, Site } from "../../../shared/domain/group.ts";
import type { Sql } from "../../../shared/ports/sql.ts";
import { createSimulatedCredential } from "../../../simulator/azure/data/simulated-credential.ts";
import { createTdsService, type TdsOptions } from "../../../simulator/azure/tds/tds-service.ts";
import { createWorld } from "../../../simulator/azure/world/create-world.ts";
import type { World } from "../../../simulator/azure/world/world.ts";
import type { Fault } from "../../../simulator/faults.ts";
import { policy } from "../../support/facts.ts";

const START_AT = Date.UTC(2026, 0, 15, 12);

export const SITE: Site = {
  name: "sec",
  region: "swedencentral",
  url: "https://sec.example.net",
  reference: null,
  store: null,
};

export const HOME = "mi-orders-weu.abc123.database.windows.net";
export const PARTNER = "mi-orders-neu.abc123.database.windows.net";

function instance(name: string, region: string, fqdn: string): Group["home"] {
  const subscriptionId = "00000000-0000-4000-8000-000000000001";
  const id = `/subscriptions/${subscriptionId}/resourceGroups/rg-${region}/providers/Microsoft.Sql/managedInstances/${name}`;
  return {
    id,
    subscriptionId,
    resourceGroup: `rg-${region}`,
    name,
    region,
    fqdn,
    regionReference: null,
  };
}

export const GROUP: Group = {
  name: "orders-fog",
  home: instance("mi-orders-weu", "westeurope", HOME),
  partner: instance("mi-orders-neu", "northeurope", PARTNER),
  canary: { database: "orders" },
  application: null,
  alertTargets: [],
  changeScopes: [],
  policy: policy(),
};

export interface SqlBench {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly sql: Sql;
  /** Runs the clock until the call has ended. */
  run<T>(call: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A world that has lived for a minute before its faults, if any, begin. */
export function newWorld(faults: readonly Fault[] = []): { world: World; clock: VirtualClock } {
  const clock = new VirtualClock(START_AT);
  const world = createWorld({ clock, seed: 7, groups: [GROUP], sites: [SITE], faults });
  return { world, clock };
}

export async function runCall<T>(clock: VirtualClock, call: Promise<T>): Promise<T> {
  let over = false;
  const end = call.finally(() => {
    over = true;
  });
  end.catch(() => undefined);
  await clock.runUntil(() => over, { limitAt: clock.now() + 600_000 });
  return end;
}

const THINKING_TURNS = 75;

/**
 * How long a client that was told nonsense may think before time goes on: it may be waiting for more. Counted in
 * turns of the event loop: on a busy machine each of them takes longer.
 */
async function patience(): Promise<void> {
  for (let turn = 0; turn < THINKING_TURNS; turn++) {
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 2).unref();
    });
  }
}

/** The real adapter against the real socket of the simulated Azure, in virtual time. */
export async function createSqlBench(
  options: {
    readonly faults?: readonly Fault[];
    readonly tds?: TdsOptions;
    readonly credential?: SqlCredential;
  } = {},
): Promise<SqlBench> {
  const { world, clock } = newWorld(options.faults);
  const spoilt = options.tds?.spoil !== undefined;
  const service = createTdsService(world, SITE, {
    // Whoever was told the truth goes on by itself.
    hold: (work) => clock.hold(spoilt ? Promise.race([work, patience()]) : work),
    ...options.tds,
  });
  const sql = createSql({
    credential: options.credential ?? {
      kind: "token",
      credential: createSimulatedCredential(world, SITE),
    },
    clock,
    appName: "geo-failover/sec",
    connect: { dial: service.dial, encryption: service.encryption },
    createSession,
  });
  return {
    world,
    clock,
    sql,
    run: (call) => runCall(clock, call),
    close: () => service.close(),
  };
}
