import type { DurableClient } from "durable-functions";
import { type Group, otherSide } from "../../shared/domain/group.ts";
import type { Watch } from "../../shared/domain/watch.ts";
import { beat, quietForMs } from "../../shared/ledger/watches.ts";
import { QUIET_MS } from "../../shared/policy/evidence/quiet-site.ts";
import { isSuspicious } from "../../shared/policy/evidence/suspicion.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";
import { advanceKeyCheck } from "../seeing/advance-key-check.ts";
import { noteBlips } from "../seeing/note-blips.ts";
import { primaryBy, readGroup } from "../seeing/read-roles.ts";
import { watchGroup } from "../seeing/watch-group.ts";
import { keepFailback } from "./keep-failback.ts";
import { keepMotors } from "./keep-motors.ts";
import { leads } from "./leads.ts";
import { suspect } from "./suspect.ts";

/** A tick is short: whatever has not ended by then goes on in the next one. */
const TICK_MS = 45_000;
const PEER_TICK_MS = 5_000;
/** Every so many ticks a quiet site is called. */
const CALL_PEERS_EVERY = 4;

export interface TickSummary {
  readonly site: string;
  readonly groups: readonly { readonly group: string; readonly outcome: string }[];
}

/** Looks at every group, keeps motors running, and finds what is due. Idempotent; ticks may overlap. */
export async function tick(app: App, client: DurableClient): Promise<TickSummary> {
  const { clock } = app.ports;
  const beats = await beat(app.stores.own, clock.now());
  const groups = await Promise.all(
    app.config.groups.map(async (group) => ({
      group: group.name,
      outcome: await within(clock, TICK_MS, tickGroup(app, client, group), (because) => because),
    })),
  );
  if (beats % CALL_PEERS_EVERY === 0) await callQuietPeers(app);
  return { site: app.config.self.name, groups };
}

async function tickGroup(app: App, client: DurableClient, group: Group): Promise<string> {
  // Side by side: a look at a dead primary takes its whole timeout, a lost store its own.
  const [watch, ...chores] = await Promise.allSettled([
    watchGroup(app, group),
    keepMotors(app, client, group),
    keepFailback(app, client, group),
  ]);
  if (watch.status === "rejected") throw watch.reason;
  const outcome = await react(app, client, group, watch.value);
  // Last, since nobody waits for it.
  const counted = await noteBlips(app, group, watch.value).then(
    () => true,
    () => false,
  );
  const failed = chores.filter((chore) => chore.status === "rejected").length + (counted ? 0 : 1);
  return failed === 0 ? outcome : `${outcome}, ${failed} of ${chores.length + 1} chores failed`;
}

/** What this look asks for beyond being remembered. */
async function react(app: App, client: DurableClient, group: Group, watch: Watch): Promise<string> {
  const primary = watch.primary ?? "home";
  if (isSuspicious(watch.looks)) {
    // A look at a dead primary takes its whole timeout: meanwhile the roles may have moved.
    if (primaryBy(await readGroup(app, group, primary), primary) === otherSide(primary)) {
      return "roles-moved";
    }
    await suspect(app, { group, openedBy: "watch", call: null, client });
    return "suspicious";
  }
  if (await leads(app, group, primary)) await advanceKeyCheck(app, group, primary, null);
  return watch.looks.at(-1)?.result ?? "not-looked";
}

/** A site whose timers have frozen still answers HTTP: its tick can be run from here. */
async function callQuietPeers(app: App): Promise<void> {
  const { clock, peers } = app.ports;
  const others = app.config.sites.filter((site) => site.name !== app.config.self.name);
  await Promise.all(
    others.map(async (site) => {
      const store = app.stores.of(site.name);
      if (store === null) return;
      const quietMs = await quietForMs(app.stores.own, store, clock.now());
      if (quietMs >= QUIET_MS) await peers.tick(site, PEER_TICK_MS);
    }),
  );
}
