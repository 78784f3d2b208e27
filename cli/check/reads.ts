import type { InstanceKeys } from "../../shared/azure/instances/instance-keys.ts";
import type { SendRequest } from "../../shared/azure/peers.ts";
import type { Site } from "../../shared/domain/group.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { FailoverGroups } from "../../shared/ports/failover-groups.ts";
import type { Instances } from "../../shared/ports/instances.ts";
import type { KeyPath } from "../../shared/ports/key-path.ts";
import type { Signals } from "../../shared/ports/signals.ts";
import type { Sql } from "../../shared/ports/sql.ts";
import type { Access } from "./ports/access.ts";
import type { Canary } from "./ports/canary.ts";
import type { Places } from "./ports/places.ts";

/** What a check may ask of the world, under the identity of whoever runs it. Nothing here can change anything. */
export interface Reads {
  readonly clock: Clock;
  readonly groups: Pick<FailoverGroups, "read">;
  readonly instances: Instances;
  readonly keys: InstanceKeys;
  /** Asked only where the operator wants it: it changes nothing, and is a POST all the same. */
  readonly keyPath: KeyPath;
  readonly access: Access;
  readonly places: Places;
  readonly canary: Canary;
  readonly sql: Pick<Sql, "replication">;
  /** What the platform answers to a GET; the rest of its word is had by POST. */
  readonly signals: Pick<Signals, "activity" | "capacityAt">;
  readonly send: SendRequest;
  /** The function key that a site wants to see; null where none is known. */
  keyOf(site: Site): string | null;
}
