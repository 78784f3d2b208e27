import { createFailoverGroups } from "../../shared/azure/failover-groups.ts";
import { createFailoverGroupsFace } from "../../simulator/azure/failover-groups-face.ts";
import { failoverGroupsContract, TIMEOUT_MS } from "./failover-groups.contract.ts";
import { wireOptions } from "./wire-options.ts";
import { sites } from "./world-under-test.ts";

failoverGroupsContract("failover groups, port-level face", async (world) =>
  createFailoverGroupsFace(world, sites.neu, { timeoutMs: TIMEOUT_MS }),
);

failoverGroupsContract("failover groups, real adapter on the simulated wire", async (world) => {
  // The adapter loads its SDK on first use, which takes real time: virtual time must not run meanwhile.
  await import("../../shared/azure/sql-management.ts");
  return createFailoverGroups(wireOptions(world, sites.neu));
});
