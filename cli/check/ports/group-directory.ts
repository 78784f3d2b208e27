import type { Instance } from "../../../shared/domain/group.ts";

export type GroupsReading =
  | {
      readonly kind: "read";
      readonly groups: readonly {
        readonly name: string;
        readonly role: "primary" | "secondary" | "unknown";
        readonly instanceIds: readonly string[];
      }[];
    }
  | { readonly kind: "unknown"; readonly because: string };

/** Which failover groups there are beside an instance. Reads only; it does not throw. */
export interface GroupDirectory {
  list(
    beside: Pick<Instance, "subscriptionId" | "resourceGroup" | "region">,
  ): Promise<GroupsReading>;
}
