import { createKeyPath } from "../../shared/azure/key-path.ts";
import { createSqlManagement } from "../../shared/azure/sql-management.ts";
import { createSimulatedCredential } from "../../simulator/azure/data/simulated-credential.ts";
import { createKeyPathPort } from "../../simulator/azure/port/key-path-port.ts";
import { createWire } from "../../simulator/azure/wire.ts";
import { keyPathContract } from "./key-path.contract.ts";
import { SECOND } from "./world-under-test.ts";

keyPathContract("key path, simulated at the port", async (world, site) =>
  createKeyPathPort(world, site),
);

keyPathContract("key path, real adapter on the simulated wire", async (world, site) =>
  createKeyPath({
    credential: createSimulatedCredential(world, site),
    httpClient: createWire(world, site),
    timeoutMs: 8 * SECOND,
    clock: world.clock,
    // Loading takes real time, which virtual time does not wait for.
    createClient: createSqlManagement,
  }),
);
