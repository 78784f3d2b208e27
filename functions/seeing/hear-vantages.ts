import type { SecondarySql, Unheard } from "../../shared/domain/facts.ts";
import { otherSide, type Side } from "../../shared/domain/group.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import type { Pace } from "../../shared/domain/tally.ts";
import type { GroupLedger } from "../../shared/ledger/group-ledger.ts";
import { looksIn, type OwnView } from "../../shared/ledger/own-view.ts";
import { trustedResult } from "../../shared/policy/evidence/judge-look.ts";
import type { TravellingObservation } from "../../shared/ports/peers.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";
import { lookBeside, lookUnlessYoung } from "./look.ts";

/** On top of the probe timeout, for the way to another site and back. */
const TRAVEL_MS = 2_000;

interface Hearing {
  readonly ledger: GroupLedger;
  readonly view: OwnView;
  /** Who only reads takes a look that others have asked for, or just made. */
  readonly sharesLook: boolean;
}

export interface SeenByVantages {
  readonly looks: readonly Observation[];
  /** What the looks of each vantage came to lately, minute by minute. */
  readonly paces: readonly Pace[];
  /** What the secondary answers to each of the other sites. */
  readonly secondary: readonly SecondarySql[];
  readonly unheard: readonly Unheard[];
}

/** What every vantage sees that answers within one deadline, on this site's clock. Silence is no look. */
export async function hearVantages(
  app: App,
  { ledger, view, sharesLook }: Hearing,
  primary: Side,
): Promise<SeenByVantages> {
  const { group } = ledger;
  const { clock, peers } = app.ports;
  const deadlineMs = group.policy.probeTimeoutMs + TRAVEL_MS;
  const others = app.config.sites.filter((site) => site.name !== app.config.self.name);
  const [own, ...reports] = await Promise.all([
    within<readonly Observation[]>(
      clock,
      deadlineMs,
      sharesLook
        ? lookUnlessYoung(app, ledger, view)
        : lookBeside(app, ledger, view, "rounds").then((seen) => [seen]),
      () => [],
    ),
    ...others.map(async (site) => ({
      ...(await peers.observe(site, group.name, deadlineMs)),
      vantage: site.name,
    })),
  ]);
  const now = clock.now();
  const heard = reports.filter((report) => report.kind === "heard");
  const unheard = reports.flatMap((report) =>
    report.kind === "unheard" ? [{ vantage: report.vantage, because: report.because }] : [],
  );
  const theirs = heard.flatMap(({ looks }) => looks.map((seen) => arrive(seen, now)));
  const secondary = heard.flatMap(({ secondary: seen }) =>
    seen?.side === otherSide(primary) ? [seen.sql] : [],
  );
  const paces = heard.map(({ tallies }) =>
    tallies.map(({ ageMs, ...counted }) => ({ ...counted, at: now - ageMs })),
  );
  return {
    looks: [...looksIn(view, now, own), ...theirs],
    paces: [view.watch.tallies, ...paces],
    secondary,
    unheard,
  };
}

/**
 * Puts a look on our clock. The way here makes it look younger than it is, by less than `TRAVEL_MS`. What another
 * site, perhaps of another release, holds against the primary must be what would convict it here.
 */
function arrive(seen: TravellingObservation, now: number): Observation {
  const { startedAgeMs, endedAgeMs, ...rest } = seen;
  const result = trustedResult(rest.result, rest.code);
  return { ...rest, result, startedAt: now - startedAgeMs, endedAt: now - endedAgeMs };
}
