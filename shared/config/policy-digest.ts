import { createHash } from "node:crypto";
import type { Group } from "../domain/group.ts";

/** Names the policies of all groups: equal settings give equal digests, in whatever order they were written. */
export function policyDigest(groups: readonly Pick<Group, "name" | "policy">[]): string {
  const policies = Object.fromEntries(groups.map(({ name, policy }) => [name, policy]));
  return createHash("sha256").update(canonicalJson(policies)).digest("hex");
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
