import { createIdentityFace } from "../../simulator/azure/identity-face.ts";
import { createNotifierFace } from "../../simulator/azure/notifier-face.ts";
import { createReferencesFace } from "../../simulator/azure/references-face.ts";
import { createSignalsFace } from "../../simulator/azure/signals-face.ts";
import { portsOnTheWire } from "./ports-on-the-wire.ts";
import { surroundingsContract } from "./surroundings.contract.ts";

surroundingsContract("port-level face", ({ world }, site) => ({
  references: createReferencesFace(world, site),
  identity: createIdentityFace(world, site),
  notifier: createNotifierFace(world, site),
  signals: createSignalsFace(world, site),
}));

surroundingsContract("real adapters on the simulated wire", portsOnTheWire);
