import type { OperationKind, SecondaryState } from "../domain/facts.ts";
import type { Instance } from "../domain/group.ts";
import type { Unread } from "./unread.ts";

export type InstanceReading =
  | {
      readonly kind: "read";
      readonly state: SecondaryState["state"];
      readonly tier: string;
      readonly vCores: number | null;
      readonly storageGb: number | null;
      readonly dnsZone: string | null;
      /** In its short spelling; null where the answer does not say. */
      readonly region: string | null;
      readonly fqdn: string | null;
      /** Update policy; null where the API version does not say. */
      readonly databaseFormat: string | null;
    }
  | Unread;

export type OperationReading =
  | { readonly kind: "none" }
  | {
      readonly kind: "running";
      readonly what: OperationKind;
      readonly said: string;
      readonly startedAt: number | null;
    }
  | Unread;

export type InaccessibleReading =
  | {
      readonly kind: "read";
      readonly databases: readonly {
        readonly name: string;
        readonly reason: "key-denied" | "key-unreachable" | "other";
      }[];
    }
  | Unread;

/** Managed instances through Resource Manager. Reads only; no method throws for an answer of Azure. */
export interface Instances {
  read(instance: Instance): Promise<InstanceReading>;
  runningOperation(instance: Instance): Promise<OperationReading>;
  inaccessibleDatabases(instance: Instance): Promise<InaccessibleReading>;
}
