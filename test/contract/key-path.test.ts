import { createKeyPath } from "../../shared/azure/key-path.ts";
import { createSimulatedCredential } from "../../simulator/azure/identity-face.ts";
import { createKeyPathFace } from "../../simulator/azure/key-path-face.ts";
import { createWire } from "../../simulator/azure/wire.ts";
import { keyPathContract } from "./key-path.contract.ts";
import { SECOND } from "./world-under-test.ts";

// The adapter loads its SDK on first use, which takes real time: virtual time must not run meanwhile.
await import("../../shared/azure/sql-management.ts");

keyPathContract("key path, port-level face", createKeyPathFace);

keyPathContract("key path, real adapter on the simulated wire", (world, site) =>
  createKeyPath({
    credential: createSimulatedCredential(world, site),
    httpClient: createWire(world, site),
    timeoutMs: 8 * SECOND,
    clock: world.clock,
  }),
);
