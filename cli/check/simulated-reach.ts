import type { Run } from "../../demo/start-run.ts";
import type { AzureOptions } from "../../shared/azure/arm-requests.ts";
import { READ_TIMEOUT_MS } from "../../shared/azure/azure-ports.ts";
import type { SendRequest } from "../../shared/azure/peers.ts";
import { createSignals } from "../../shared/azure/signals.ts";
import { createSession, type Session, type SessionOrder } from "../../shared/azure/sql/session.ts";
import type { Site } from "../../shared/domain/group.ts";
import { ownObjectId } from "../../simulator/azure/arm/activity-service.ts";
import { createSimulatedCredential } from "../../simulator/azure/data/simulated-credential.ts";
import { vaultAddresses } from "../../simulator/azure/data/vault-service.ts";
import { createTdsService } from "../../simulator/azure/tds/tds-service.ts";
import { createWire } from "../../simulator/azure/wire.ts";
import { LOADED_SDKS } from "../../simulator/loaded-sdks.ts";
import type { Reach } from "./azure-reads.ts";

/** Outside of every region, as a laptop is. */
const OPERATOR: Site = {
  name: "operator",
  region: "outside",
  url: "",
  reference: null,
  store: null,
};

type HttpClient = NonNullable<AzureOptions["httpClient"]>;

/** Somebody who wants to see what crosses the wire. */
export interface Listener {
  readonly http: (client: HttpClient) => HttpClient;
  readonly send: (send: SendRequest) => SendRequest;
  readonly session: (order: SessionOrder) => Session;
}

const NOBODY: Listener = { http: (client) => client, send: (send) => send, session: createSession };

/** A simulated Azure as an operator's laptop reaches it: the adapters of the app on the simulated wire. */
export function reachSimulation(
  { world, sites, clock }: Pick<Run, "world" | "sites" | "clock">,
  listener: Listener = NOBODY,
): Reach & { close(): Promise<void> } {
  const credential = createSimulatedCredential(world, OPERATOR);
  const arm = {
    credential,
    httpClient: listener.http(createWire(world, OPERATOR)),
    timeoutMs: READ_TIMEOUT_MS,
    clock: world.clock,
    createClient: LOADED_SDKS.createSqlManagement,
  };
  const service = createTdsService(world, OPERATOR, { hold: (work) => clock.hold(work) });
  return {
    arm,
    sql: {
      credential: { kind: "token", credential },
      clock: world.clock,
      appName: "geo-failover/check",
      connect: { dial: service.dial, encryption: service.encryption },
      createSession: listener.session,
    },
    signals: createSignals({
      ...arm,
      ownIds: [ownObjectId(world)],
      resolveName: vaultAddresses(world, OPERATOR),
      ...LOADED_SDKS,
    }),
    send: listener.send(sites.sendFrom(OPERATOR)),
    keyOf: () => null,
    close: () => service.close(),
  };
}
