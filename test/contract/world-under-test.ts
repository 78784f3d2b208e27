// A world of one group and three sites on a virtual clock, for suites that run against any port.

import { VirtualClock } from "functions-host/clock";
import type { Group, Instance, Site } from "../../shared/domain/group.ts";
import { createWorld, type WorldOptions } from "../../simulator/azure/world/create-world.ts";
import type { World } from "../../simulator/azure/world/world.ts";
import { Fault, type FaultName } from "../../simulator/faults.ts";
import { policy } from "../support/facts.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
const WORKSPACE = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
const SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";

export const home = instance("weu", "westeurope");
export const partner = instance("neu", "northeurope");

export const group: Group = {
  name: "orders-fog",
  home,
  partner,
  canary: { database: "orders" },
  application: {
    successRatio: `app-insights:${WORKSPACE}/role/orders-api`,
    floor: 0.5,
    capacityAtTarget: null,
  },
  alertTargets: [],
  changeScopes: [],
  policy: policy(),
};

export const sites = {
  weu: site("weu", "westeurope"),
  neu: site("neu", "northeurope"),
  sec: site("sec", "swedencentral"),
};

/** A fault that holds from the start. */
export function fault(name: FaultName, more: object = {}): Fault {
  return Fault.parse({ fault: name, at: 0, ...more });
}

export interface Lab {
  readonly world: World;
  readonly clock: VirtualClock;
  /** Runs the clock until the work is done. */
  run<Value>(work: Promise<Value>): Promise<Value>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
}

export function createLab(
  faults: readonly Fault[] = [],
  options: Partial<Omit<WorldOptions, "clock" | "faults">> = {},
): Lab {
  const clock = new VirtualClock(Date.UTC(2026, 0, 15, 9));
  const places = Object.values(sites);
  const world = createWorld({ seed: 7, groups: [group], sites: places, ...options, clock, faults });
  return {
    world,
    clock,
    pass: (ms) => clock.runUntil(clock.now() + ms),
    run: async (work) => {
      let over = false;
      const end = (): void => {
        over = true;
      };
      work.then(end, end);
      await clock.runUntil(() => over);
      return work;
    },
  };
}

function instance(site: string, region: string): Instance {
  const name = `mi-orders-${site}`;
  const resourceGroup = `rg-${site}`;
  return {
    id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${resourceGroup}/providers/Microsoft.Sql/managedInstances/${name}`,
    subscriptionId: SUBSCRIPTION,
    resourceGroup,
    name,
    region,
    fqdn: `${name}.abc123.database.windows.net`,
    regionReference: `https://region-${site}.example.net/ping`,
  };
}

function site(name: string, region: string): Site {
  const reference = `ref-${name}.example.net:1433`;
  return { name, region, url: `https://${name}.example.net`, reference, store: null };
}
