import type { Side } from "../../../shared/domain/group.ts";
import type { GroupWorld } from "./group-world.ts";
import { secondarySide } from "./instance-health.ts";
import type { World } from "./world.ts";

export interface NamedServer {
  readonly group: GroupWorld;
  readonly side: Side;
}

/** Whose server a name leads to now: an instance's own name, or one of the group's listeners. */
export function serverNamed(world: World, fqdn: string): NamedServer | null {
  const host = hostOf(fqdn);
  for (const group of world.groups.values()) {
    for (const side of ["home", "partner"] as const) {
      const own = hostOf(group.group[side].fqdn);
      if (own === host) return { group, side };
    }
    const zone = zoneOf(group.group.home.fqdn);
    const { name } = group.group;
    if (host === `${name}.${zone}`.toLowerCase()) return { group, side: group.listener };
    if (host === `${name}.secondary.${zone}`.toLowerCase()) {
      return { group, side: secondarySide(group) };
    }
  }
  return null;
}

/** "abc123" of "mi.abc123.database.windows.net". */
export function dnsZoneOf(fqdn: string): string {
  return zoneOf(fqdn).split(".")[0] ?? "";
}

/** A name without its port. */
export function hostOf(fqdn: string): string {
  return (fqdn.split(/[,:]/)[0] ?? fqdn).toLowerCase();
}

function zoneOf(fqdn: string): string {
  const host = hostOf(fqdn);
  return host.slice(host.indexOf(".") + 1);
}
