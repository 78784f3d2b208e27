import type { Config, Group } from "../shared/domain/group.ts";
import type { Stores } from "../shared/ledger/group-ledger.ts";
import type { Ports } from "../shared/ports/ports.ts";

/** What every activity and trigger of one site works with. Made once, by a composition root. */
export interface App {
  readonly config: Config;
  readonly ports: Ports;
  readonly stores: Stores;
}

/** The group of that name; throws for a name that is not configured. */
export function groupNamed(app: App, name: string): Group {
  const group = app.config.groups.find((candidate) => candidate.name === name);
  if (group === undefined) {
    const known = app.config.groups.map((candidate) => candidate.name).join(", ");
    throw new Error(`Cannot find group ${name}: configured are ${known}`);
  }
  return group;
}
