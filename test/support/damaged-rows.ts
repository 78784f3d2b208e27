import type { RowKey } from "../../shared/ports/store.ts";
import { putNewerRow } from "../../simulator/azure/port/memory-store.ts";
import type { World } from "../../simulator/azure/world/world.ts";

export const DAMAGES = ["a newer schema", "garbage", "wrong types", "far too much"] as const;
export type Damage = (typeof DAMAGES)[number];

const TEXT: Readonly<Record<Exclude<Damage, "a newer schema">, string>> = {
  garbage: '{"half":',
  "wrong types": JSON.stringify({ id: 7, beat: "x", looks: 7, at: "noon", state: [], asks: {} }),
  "far too much": JSON.stringify({ huge: "y".repeat(470_000) }),
};

/** Puts a row there that nobody of this release can make anything of. */
export function damageRow(world: World, site: string, key: RowKey, damage: Damage): void {
  if (damage === "a newer schema") {
    putNewerRow(world, site, key, 2);
    return;
  }
  const rows = world.stores.get(site);
  if (rows === undefined) throw new Error(`Cannot damage a row: unknown site: ${site}`);
  const name = `${key.group}/${key.kind}`;
  const part = rows.parts.get(name) ?? new Map();
  rows.parts.set(name, part);
  const etag = `W/"${++rows.etags}"`;
  part.set(key.id, { id: key.id, etag, json: TEXT[damage], schemaVersion: 1 });
}
