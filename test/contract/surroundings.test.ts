import { createIdentityPort } from "../../simulator/azure/port/identity-port.ts";
import { createNotifierPort } from "../../simulator/azure/port/notifier-port.ts";
import { createReferencesPort } from "../../simulator/azure/port/references-port.ts";
import { createSignalsPort } from "../../simulator/azure/port/signals-port.ts";
import { portsOnTheWire } from "./ports-on-the-wire.ts";
import { surroundingsContract } from "./surroundings.contract.ts";

surroundingsContract("simulated at the port", ({ world }, site) => ({
  references: createReferencesPort(world, site),
  identity: createIdentityPort(world, site),
  notifier: createNotifierPort(world, site),
  signals: createSignalsPort(world, site),
}));

surroundingsContract("real adapters on the simulated wire", portsOnTheWire);
