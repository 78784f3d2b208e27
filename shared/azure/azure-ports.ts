import type { HttpClient } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import type { Config, Site } from "../domain/group.ts";
import type { Clock } from "../ports/clock.ts";
import type { Ports } from "../ports/ports.ts";
import type { Store } from "../ports/store.ts";
import type { queryLogs } from "./application-ratio/logs-client.ts";
import { createFailoverGroups } from "./failover-groups.ts";
import { createHttpSend } from "./http-send.ts";
import { createCachedCredential } from "./identity/cached-credential.ts";
import { createIdentity } from "./identity.ts";
import { createInstances } from "./instances.ts";
import { createKeyPath } from "./key-path.ts";
import type { createVaultClient } from "./key-probe/vault-client.ts";
import { createPeers } from "./peers.ts";
import { createReferences } from "./references.ts";
import type { createHealthClient } from "./resource-health/health-client.ts";
import { createSignals } from "./signals.ts";
import type { SqlOptions } from "./sql/conversation.ts";
import type { Dial } from "./sql/dial.ts";
import { createSql } from "./sql.ts";
import type { createSqlManagement } from "./sql-management.ts";
import { createMissingStore } from "./table-store/missing-store.ts";
import type { StoreAddress } from "./table-store/store-address.ts";
import type { createTableClient } from "./table-store/table-client.ts";
import { createTableStore } from "./table-store.ts";
import { createWebhookNotifier, type LogLine } from "./webhook-notifier.ts";

/** A POST is worth waiting for its definite answer. */
const POST_TIMEOUT_MS = 20_000;
/** A round waits for all that it reads: what has not answered by now is unknown. */
export const READ_TIMEOUT_MS = 7_500;

/** What stands between the adapters and the world: this machine and its network, or a simulated one. */
export interface Transport {
  readonly clock: Clock;
  /** Whose tokens are shown; they are kept here, for as long as they are good. */
  readonly credential: TokenCredential;
  /** Object id and client id of our own identity: what they did is ours. */
  readonly ownIds: readonly string[];
  /** Where the store of a site is; null where nobody said. */
  addressOf(site: Site): StoreAddress | null;
  /** The function key that another site wants to see. */
  keyOf(site: Site): string | null;
  log(line: LogLine): void;
  newId(): string;
  /** Other ways out than the network's. */
  readonly ways?: Ways;
  /** Where the SDKs are loaded already; by default each is loaded by the first call that needs it. */
  readonly sdks?: Sdks;
}

/** Every way out of a site: what the adapters send their bytes through. */
export interface Ways {
  /** Under the SDKs of Azure. */
  readonly httpClient: HttpClient;
  /** To the other sites, to reference targets that are pages, to the webhook. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly resolveName: (host: string) => Promise<readonly string[]>;
  readonly dialReference: Dial;
  readonly sql: NonNullable<SqlOptions["connect"]>;
}

/** The makers of the SDKs' clients. */
export interface Sdks {
  readonly createSqlManagement: typeof createSqlManagement;
  readonly createTableClient: typeof createTableClient;
  readonly createSession: NonNullable<SqlOptions["createSession"]>;
  readonly createHealth: typeof createHealthClient;
  readonly createVault: typeof createVaultClient;
  readonly askLogs: typeof queryLogs;
}

/**
 * Everything that one site needs from the world, by the real adapters. What deploys and what is simulated
 * are both composed here, and differ by their transport alone.
 */
export function createAzurePorts(
  { self, sites, notify }: Pick<Config, "self" | "sites" | "notify">,
  transport: Transport,
): Ports {
  const { clock, ownIds, addressOf, keyOf, log, newId, ways, sdks } = transport;
  const send = createHttpSend({ clock, ...(ways && { fetch: ways.fetch }) });
  const credential = createCachedCredential({ credential: transport.credential, clock });
  const reads = {
    ...{ credential, timeoutMs: READ_TIMEOUT_MS, clock },
    ...(ways && { httpClient: ways.httpClient }),
    ...(sdks && { createClient: sdks.createSqlManagement }),
  };
  const makeStore = (site: Site): Store => {
    const own = site.name === self.name;
    const address = addressOf(site);
    if (address === null && own) {
      throw new Error("Cannot find our own store: AzureWebJobsStorage is not set");
    }
    if (address === null) return createMissingStore(site.name);
    return createTableStore({
      ...{ site: site.name, own, address, credential, clock },
      ...(ways && { httpClient: ways.httpClient }),
      ...(sdks && { createClient: sdks.createTableClient }),
    });
  };
  return {
    clock,
    failoverGroups: createFailoverGroups({ ...reads, postTimeoutMs: POST_TIMEOUT_MS }),
    instances: createInstances(reads),
    keyPath: createKeyPath(reads),
    sql: createSql({
      ...{ credential: { kind: "token", credential }, clock },
      appName: `geo-failover/${self.name}`,
      ...(ways && { connect: ways.sql }),
      ...(sdks && { createSession: sdks.createSession }),
    }),
    references: createReferences({ clock, send, ...(ways && { dial: ways.dialReference }) }),
    peers: createPeers({ send, keyOf }),
    stores: new Map(sites.map((site) => [site.name, makeStore(site)])),
    notifier: createWebhookNotifier({ site: self.name, webhook: notify.webhook, send, clock, log }),
    signals: createSignals({
      ...{ ...reads, ownIds },
      ...(ways && { resolveName: ways.resolveName }),
      ...sdks,
    }),
    identity: createIdentity({ credential }),
    newId,
  };
}
