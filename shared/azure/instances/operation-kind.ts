import type { OperationKind } from "../../domain/facts.ts";

/** What an operation on an instance asks for, as far as it says. */
interface Named {
  readonly operation: string;
  readonly friendlyName: string;
  /** The size changes from what it is to what it shall be. */
  readonly resizes: boolean;
}

/** Parts of the names that Azure gives to operations on an instance, the first that matches. */
const PARTS: readonly (readonly [part: string, kind: OperationKind])[] = [
  ["failover", "failover"],
  ["encryptionprotector", "key"],
  ["privateendpoint", "network"],
  ["dnsalias", "network"],
];

/** What kind of operation that is. Creating, updating and scaling an instance have one name. */
export function operationKind({ operation, friendlyName, resizes }: Named): OperationKind {
  const name = operation.toLowerCase();
  if (name === "upsertmanagedserver") {
    if (resizes) return "scale";
    return friendlyName.toLowerCase().startsWith("create") ? "other" : "update";
  }
  return PARTS.find(([part]) => name.includes(part))?.[1] ?? "other";
}
