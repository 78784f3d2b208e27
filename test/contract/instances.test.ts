import { createInstances } from "../../shared/azure/instances.ts";
import { createSimulatedCredential } from "../../simulator/azure/identity-face.ts";
import { createInstancesFace } from "../../simulator/azure/instances-face.ts";
import { createWire } from "../../simulator/azure/wire.ts";
import { instancesContract } from "./instances.contract.ts";
import { SECOND } from "./world-under-test.ts";

// The adapter loads its SDK on first use, which takes real time: virtual time must not run meanwhile.
await import("../../shared/azure/sql-management.ts");

instancesContract("instances, port-level face", createInstancesFace);

instancesContract("instances, real adapter on the simulated wire", (world, site) =>
  createInstances({
    credential: createSimulatedCredential(world, site),
    httpClient: createWire(world, site),
    timeoutMs: 8 * SECOND,
    clock: world.clock,
  }),
);
