import { type Group, otherSide, type Side } from "../../shared/domain/group.ts";
import type { Watch } from "../../shared/domain/watch.ts";
import type { OwnView } from "../../shared/ledger/own-view.ts";
import { noteRatio } from "../../shared/policy/evidence/application.ts";
import type { App } from "../app.ts";
import { IN_HAND_MS, inWhoseHand } from "./in-hand.ts";
import { secondaryOf } from "./look.ts";
import { seeSecondary, stateOf } from "./probe-secondary.ts";

/** Once a minute, which is every fourth tick of the usual ones, be it a little early. */
const FURTHER_MS = 55_000;
/** Five minutes of them. */
const RATIOS_KEPT = 5;

/** What a site that may come to act sees beside the primary: the secondary, and what the application says. */
export async function lookFurther(
  app: App,
  group: Group,
  primary: Side,
  view: OwnView,
): Promise<Partial<Pick<Watch, "secondary" | "application">>> {
  const { clock, instances, signals } = app.ports;
  if (app.config.self.region === group[primary].region) return {};
  const { watch } = view;
  const now = clock.now();
  const everyMs = inWhoseHand(view, now) === null ? FURTHER_MS : IN_HAND_MS;
  const sinceMs = now - (watch.secondary?.readAt ?? Number.NEGATIVE_INFINITY);
  if (sinceMs >= 0 && sinceMs < everyMs) return {};
  const [seen, instance, application] = await Promise.all([
    seeSecondary(app, group, primary),
    instances.read(secondaryOf(group, primary)),
    signals.application(group),
  ]);
  return {
    secondary: {
      side: otherSide(primary),
      sql: seen?.sql ?? "unknown",
      state: stateOf(instance),
      readAt: now,
    },
    application: [...watch.application, noteRatio(application, now)].slice(-RATIOS_KEPT),
  };
}
