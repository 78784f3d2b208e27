import type { Clock } from "./clock.ts";
import type { FailoverGroups } from "./failover-groups.ts";
import type { Identity } from "./identity.ts";
import type { Instances } from "./instances.ts";
import type { KeyPath } from "./key-path.ts";
import type { Notifier } from "./notifier.ts";
import type { Peers } from "./peers.ts";
import type { References } from "./references.ts";
import type { Signals } from "./signals.ts";
import type { Sql } from "./sql.ts";
import type { Store } from "./store.ts";

/**
 * Everything one site needs from the world. Every call of a port ends by a timeout of its own, or by the one
 * that it is given, and none throws: whoever asks keeps no clock beside it. Only a store throws, and says so.
 */
export interface Ports {
  readonly clock: Clock;
  readonly failoverGroups: FailoverGroups;
  readonly instances: Instances;
  readonly keyPath: KeyPath;
  readonly sql: Sql;
  readonly references: References;
  readonly peers: Peers;
  /** Every site's store by site name, our own among them. */
  readonly stores: ReadonlyMap<string, Store>;
  readonly notifier: Notifier;
  readonly signals: Signals;
  readonly identity: Identity;
  /** A new opaque id; also the source of one-time tokens. */
  newId(): string;
}
