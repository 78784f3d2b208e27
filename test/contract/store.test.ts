import { ScaledClock } from "functions-host/clock";
import { afterAll, beforeAll } from "vitest";
import { rowNames } from "../../shared/azure/table-store/row-names.ts";
import { createTableClient } from "../../shared/azure/table-store/table-client.ts";
import { createTableStore } from "../../shared/azure/table-store.ts";
import { createWallClock } from "../../shared/azure/wall-clock.ts";
import { createSimulatedCredential } from "../../simulator/azure/data/simulated-credential.ts";
import { tablesEndpoint } from "../../simulator/azure/data/tables-service.ts";
import { createMemoryStore, putNewerRow } from "../../simulator/azure/port/memory-store.ts";
import { createWire } from "../../simulator/azure/wire.ts";
import { createWorld } from "../../simulator/azure/world/create-world.ts";
import { type StoreUnderTest, storeContract } from "./store.contract.ts";
import { type Azurite, startAzurite } from "./store-azurite.ts";
import { group, sites } from "./world-under-test.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

storeContract("store, simulated at the port", async () => {
  const clock = new ScaledClock({ speed: 1_000 });
  const places = Object.values(sites);
  const world = createWorld({ clock, seed: 7, groups: [group], sites: places });
  return {
    store: createMemoryStore(world, sites.neu, "neu"),
    putNewerRow: async (key, version) => putNewerRow(world, "neu", key, version),
  };
});

storeContract("store, real adapter on simulated tables", async () => {
  const clock = new ScaledClock({ speed: 1 });
  const places = Object.values(sites);
  const world = createWorld({ clock, seed: 7, groups: [group], sites: places });
  const address = { kind: "endpoint", url: tablesEndpoint(sites.neu) } as const;
  const credential = createSimulatedCredential(world, sites.neu);
  const httpClient = createWire(world, sites.neu);
  const store = { site: "neu", own: true, address, credential, httpClient, clock };
  return {
    store: createTableStore(store),
    putNewerRow: writeAsNewer(createTableClient(address, credential, httpClient)),
  };
});

storeContract("store, real adapter on emulated tables", async () => {
  const address = azurite.address();
  const credential = { getToken: async () => null };
  const table = createTableClient(address, credential);
  const clock = createWallClock();
  return {
    store: createTableStore({ site: "neu", own: true, address, credential, clock }),
    putNewerRow: writeAsNewer(table),
  };
});

function writeAsNewer(table: ReturnType<typeof createTableClient>): StoreUnderTest["putNewerRow"] {
  return async (key, schemaVersion) => {
    const somethingNew = "that this release does not know";
    const entity = { ...rowNames(key), schemaVersion, somethingNew };
    await table.upsertEntity(entity, "Replace");
  };
}
