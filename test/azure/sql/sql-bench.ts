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

/**
 * How long a client may think before time goes on. One that was told nonsense may be waiting for more; any other
 * goes on by itself, however busy the machine is.
 */
function patience(toldNonsense: boolean): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, toldNonsense ? 150 : 10_000).unref();
  });
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
    hold: (work) => clock.hold(Promise.race([work, patience(spoilt)])),
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
