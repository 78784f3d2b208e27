import type { AzureOptions } from "../../shared/azure/arm-requests.ts";
import { READ_TIMEOUT_MS } from "../../shared/azure/azure-ports.ts";
import { createFailoverGroups } from "../../shared/azure/failover-groups.ts";
import { createFunctionKeys } from "../../shared/azure/function-keys.ts";
import { createHttpSend } from "../../shared/azure/http-send.ts";
import { createCachedCredential } from "../../shared/azure/identity/cached-credential.ts";
import { createSiteCredential } from "../../shared/azure/identity/site-credential.ts";
import { ownIds } from "../../shared/azure/identity/who-we-are.ts";
import { createInstanceKeys } from "../../shared/azure/instances/instance-keys.ts";
import { createInstances } from "../../shared/azure/instances.ts";
import { createKeyPath } from "../../shared/azure/key-path.ts";
import type { SendRequest } from "../../shared/azure/peers.ts";
import { createSignals } from "../../shared/azure/signals.ts";
import type { SqlOptions } from "../../shared/azure/sql/conversation.ts";
import { createSql } from "../../shared/azure/sql.ts";
import { createWallClock } from "../../shared/azure/wall-clock.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { createAccess } from "./azure/access.ts";
import { createCanary } from "./azure/canary-state.ts";
import { createGroupDirectory } from "./azure/group-directory.ts";
import { createPlaces } from "./azure/places.ts";
import type { GroupDirectory } from "./ports/group-directory.ts";
import type { Reads } from "./reads.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What the reads of a check are made of, in Azure or in a simulation of it. */
export interface Reach {
  readonly arm: AzureOptions & { readonly clock: Clock };
  readonly sql: SqlOptions;
  readonly signals: Reads["signals"];
  readonly send: SendRequest;
  readonly keyOf: Reads["keyOf"];
}

/** Makes the reads of whatever can be reached. The adapters are those of the app. */
export function createReads({ arm, sql, signals, send, keyOf }: Reach): Reads {
  const { read } = createFailoverGroups(arm);
  const { replication } = createSql(sql);
  return {
    clock: arm.clock,
    groups: { read },
    instances: createInstances(arm),
    keys: createInstanceKeys(arm),
    keyPath: createKeyPath(arm),
    access: createAccess(arm),
    places: createPlaces(arm),
    canary: createCanary(sql),
    sql: { replication },
    signals,
    send,
    keyOf,
  };
}

/** Azure, as the developer who is signed in on this machine may see it. */
export function reachAzure(env: Environment): Reach {
  const clock = createWallClock();
  const credential = createCachedCredential({
    credential: createSiteCredential({ kind: "developer" }),
    clock,
  });
  const arm = { credential, timeoutMs: READ_TIMEOUT_MS, clock };
  return {
    arm,
    sql: { credential: { kind: "token", credential }, clock, appName: "geo-failover/check" },
    signals: createSignals({ ...arm, ownIds: ownIds(env) }),
    send: createHttpSend({ clock }),
    keyOf: createFunctionKeys(env),
  };
}

/** Which groups there are, for whoever writes a first configuration. */
export function directoryOf({ arm }: Reach): GroupDirectory {
  return createGroupDirectory(arm);
}
