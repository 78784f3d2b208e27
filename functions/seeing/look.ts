import { type Group, otherSide, type Side } from "../../shared/domain/group.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import type { GroupLedger } from "../../shared/ledger/group-ledger.ts";
import { looksIn, type Occasion, type OwnView } from "../../shared/ledger/own-view.ts";
import { keepLook } from "../../shared/ledger/watches.ts";
import { judgeLook, type LookContext } from "../../shared/policy/evidence/judge-look.ts";
import type { Reached } from "../../shared/ports/references.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";

/** Time beyond the probe timeout after which a look must have been paused in the middle. */
const STOOD_STILL_MS = 5_000;
/** Whoever asks for a look waits little longer than one takes: a store that is slow to keep it must not cost the vote. */
const KEPT_WITHIN_MS = 500;

/** One look of this site at the group's primary. Reads the world, remembers nothing. */
export async function look(app: App, group: Group, primary: Side): Promise<Observation> {
  const { clock, sql, references } = app.ports;
  const timeoutMs = group.policy.probeTimeoutMs;
  const target = group[primary];
  const { reference, name: vantage, region } = app.config.self;
  const startedAt = clock.now();
  const [raw, ours, theirs] = await Promise.all([
    sql.look({ fqdn: target.fqdn, timeoutMs }, group.canary?.database ?? null),
    reach(references, reference, timeoutMs),
    reach(references, target.regionReference, timeoutMs),
  ]);
  const endedAt = clock.now();
  const judged = judgeLook(raw, {
    referenceReached: judgeOwn(ours),
    ...(group.canary === null ? {} : { canaryDatabase: group.canary.database }),
    stoodStill: endedAt < startedAt || endedAt - startedAt > timeoutMs + STOOD_STILL_MS,
  });
  return {
    vantage,
    region,
    target: primary,
    ...judged,
    regionReference: judgeTheirs(theirs),
    startedAt,
    endedAt: Math.max(startedAt, endedAt),
  };
}

/**
 * One look of this site beside the tick, remembered for the other sites and for the next tick. It is
 * made, and told, whether or not it can be remembered.
 */
export async function lookBeside(
  app: App,
  ledger: GroupLedger,
  view: OwnView,
  occasion: Occasion,
): Promise<Observation> {
  const seen = await look(app, ledger.group, view.expectedPrimary);
  const keeping = keepLook(view, occasion, seen);
  await within(app.ports.clock, KEPT_WITHIN_MS, keeping, () => undefined);
  return seen;
}

/**
 * A look for whoever only wants to know, other sites among them: one that is under way is theirs as well, and where
 * one is younger than half an interval none is made.
 */
export async function lookUnlessYoung(
  app: App,
  ledger: GroupLedger,
  view: OwnView,
): Promise<readonly Observation[]> {
  const now = app.ports.clock.now();
  const since = now - ledger.group.policy.intervalMs / 2;
  if (looksIn(view, now).some(({ startedAt }) => startedAt > since)) return [];
  const { memory } = view;
  memory.shared ??= within<readonly Observation[]>(
    app.ports.clock,
    ledger.group.policy.probeTimeoutMs + STOOD_STILL_MS,
    lookBeside(app, ledger, view, "asked").then((seen) => [seen]),
    // Nobody waits for one that never ends: whoever comes then begins anew.
    () => [],
  ).finally(() => {
    memory.shared = null;
  });
  return memory.shared;
}

/** The secondary by current role. */
export function secondaryOf(group: Group, primary: Side): Group["home"] {
  return group[otherSide(primary)];
}

async function reach(
  references: App["ports"]["references"],
  target: string | null,
  timeoutMs: number,
): Promise<Reached | "not-configured"> {
  return target === null ? "not-configured" : references.reach(target, timeoutMs);
}

/** Only an answer that we trust shows that our own way out is open: else a look may be blind. */
function judgeOwn(reached: Reached | "not-configured"): LookContext["referenceReached"] {
  return reached === "ok" || reached === "not-configured" ? reached : "failed";
}

/** Whoever speaks in the primary's region shows that it lives, whatever we think of the certificate. */
function judgeTheirs(reached: Reached | "not-configured"): Observation["regionReference"] {
  if (reached === "spoke") return "ok";
  return reached === "not-configured" ? "unknown" : reached;
}
