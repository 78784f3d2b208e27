import { createInstances } from "../../shared/azure/instances.ts";
import { createSqlManagement } from "../../shared/azure/sql-management.ts";
import { createSimulatedCredential } from "../../simulator/azure/data/simulated-credential.ts";
import { createInstancesPort } from "../../simulator/azure/port/instances-port.ts";
import { createWire } from "../../simulator/azure/wire.ts";
import { instancesContract } from "./instances.contract.ts";
import { SECOND } from "./world-under-test.ts";

instancesContract("instances, simulated at the port", async (world, site) =>
  createInstancesPort(world, site),
);

instancesContract("instances, real adapter on the simulated wire", async (world, site) =>
  createInstances({
    credential: createSimulatedCredential(world, site),
    httpClient: createWire(world, site),
    timeoutMs: 8 * SECOND,
    clock: world.clock,
    // Loading takes real time, which virtual time does not wait for.
    createClient: createSqlManagement,
  }),
);
