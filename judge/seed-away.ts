import { forgetInstances, type Watch } from "../shared/domain/watch.ts";
import { newFailback, scheduleFailback } from "../shared/ledger/failbacks.ts";
import { readOwn } from "../shared/ledger/group-ledger.ts";
import { keepRoleChange, keepWatch } from "../shared/ledger/watches.ts";
import type { JudgedSites } from "./judged-sites.ts";
import type { JudgedWorld } from "./judged-world.ts";
import { PLACES } from "./sources.ts";

/** Does the incident file begin with B as primary? */
export function startsAway({ incidentFile, roles }: JudgedWorld): boolean {
  return incidentFile.config.startsAway || roles.told(0) === "B";
}

/** What our own failover to B, just before the beginning, has left in the ledgers. */
export async function seedAway(world: JudgedWorld, sites: JudgedSites): Promise<void> {
  for (const place of PLACES) {
    if (!world.speaks(place)) continue;
    const { stores, config, ports } = sites.app(place);
    const [group] = config.groups;
    if (group === undefined) continue;
    const now = ports.clock.now();
    const ledger = stores.of(group);
    await keepRoleChange(await readOwn(ledger), { primary: "partner", at: now });
    await keepWatch(
      await readOwn(ledger),
      (watch): Watch => ({
        ...forgetInstances(watch),
        looks: [],
        samples: [],
        primary: "partner",
        rolesReadAt: now,
      }),
    );
    ledger.memory.looks = [];
    if (place === "C") continue;
    const incidentId = `${group.name}-before`;
    const row = newFailback({
      id: `${incidentId}-home`,
      group: group.name,
      incidentId,
      awayOn: "partner",
      failedOverAt: now,
      state: group.policy.failback.mode === "off" ? "off" : "waiting",
    });
    await scheduleFailback(ledger.own, row);
  }
}
