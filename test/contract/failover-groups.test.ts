import { createFailoverGroups } from "../../shared/azure/failover-groups.ts";
import { createFailoverGroupsPort } from "../../simulator/azure/port/failover-groups-port.ts";
import { failoverGroupsContract, TIMEOUT_MS } from "./failover-groups.contract.ts";
import { wireOptions } from "./wire-options.ts";
import { sites } from "./world-under-test.ts";

failoverGroupsContract("failover groups, simulated at the port", async (world) =>
  createFailoverGroupsPort(world, sites.neu, { timeoutMs: TIMEOUT_MS }),
);

failoverGroupsContract("failover groups, real adapter on the simulated wire", async (world) => {
  // The adapter loads its SDK on first use, which takes real time: virtual time must not run meanwhile.
  await import("../../shared/azure/sql-management.ts");
  return createFailoverGroups(wireOptions(world, sites.neu));
});
