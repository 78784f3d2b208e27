import type { Run } from "../../demo/start-run.ts";
import { queryLogs } from "../../shared/azure/application-ratio/logs-client.ts";
import type { AzureOptions } from "../../shared/azure/arm-requests.ts";
import { createVaultClient } from "../../shared/azure/key-probe/vault-client.ts";
import type { SendRequest } from "../../shared/azure/peers.ts";
import { createHealthClient } from "../../shared/azure/resource-health/health-client.ts";
import { createSignals } from "../../shared/azure/signals.ts";
import { createSession, type Session, type SessionOrder } from "../../shared/azure/sql/session.ts";
import { createSqlManagement } from "../../shared/azure/sql-management.ts";
import type { Site } from "../../shared/domain/group.ts";
import { ownObjectId } from "../../simulator/azure/arm/activity-service.ts";
import { createSimulatedCredential } from "../../simulator/azure/data/simulated-credential.ts";
import { vaultAddresses } from "../../simulator/azure/data/vault-service.ts";
import { createTdsService } from "../../simulator/azure/tds/tds-service.ts";
import { createWire } from "../../simulator/azure/wire.ts";
import type { Reach } from "./azure-reads.ts";

const READ_TIMEOUT_MS = 7_500;
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
    createClient: createSqlManagement,
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
      createHealth: createHealthClient,
      askLogs: queryLogs,
      createVault: createVaultClient,
    }),
    send: listener.send(sites.sendFrom(OPERATOR)),
    keyOf: () => null,
    close: () => service.close(),
  };
}
