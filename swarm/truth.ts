// What was really so at some time of a run: by the faults of its plan, which are the world's own.

import { otherSide, type Side } from "../shared/domain/group.ts";
import type { PostRecord } from "../simulator/azure/world/record.ts";
import type { Fault, FaultName, FaultOf } from "../simulator/faults.ts";
import type { Chronicle } from "./chronicle.ts";
import { SECOND, SITES } from "./troubles.ts";

/** From a look until the request that it led to: freshness, the decision, the claim, and 45 s for the POST. */
export const CROSSING_MS = 90 * SECOND;
/** SQL errors that tell of a server that lives: a login refused, and what nobody has ever seen. */
const REFUSED = [18456];
export const UNSEEN = [99_999, 99_998];
/** SQL errors of a write that tell of failing storage. */
const STORAGE = [823];

const REGION_OF: Readonly<Record<string, string>> = {
  weu: "westeurope",
  neu: "northeurope",
  sec: "swedencentral",
};
const REGION_AT = { home: "westeurope", partner: "northeurope" } as const;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The faults of that name, with the instants between which each held. */
function spansOf<Name extends FaultName>(
  { plan, startAt }: Chronicle,
  name: Name,
): readonly { readonly fault: FaultOf<Name>; readonly from: number; readonly to: number }[] {
  return plan.moves.flatMap((move) => {
    if (move.kind !== "fault" || !isNamed(move.fault, name)) return [];
    const from = startAt + move.fault.at;
    return [{ fault: move.fault, from, to: from + move.fault.for }];
  });
}

function isNamed<Name extends FaultName>(fault: Fault, name: Name): fault is FaultOf<Name> {
  return fault.fault === name;
}

/** Did such a fault hold at any instant of the span? */
export function touched<Name extends FaultName>(
  run: Chronicle,
  name: Name,
  { from, to }: Span,
  of: (fault: FaultOf<Name>) => boolean = () => true,
): boolean {
  return spansOf(run, name).some((held) => held.from < to && held.to > from && of(held.fault));
}

/** Did such a fault hold all the while? */
export function held<Name extends FaultName>(
  run: Chronicle,
  name: Name,
  { from, to }: Span,
  of: (fault: FaultOf<Name>) => boolean = () => true,
): boolean {
  return spansOf(run, name).some((span) => span.from <= from && span.to >= to && of(span.fault));
}

/** The time in which whatever led to a request was seen. */
export function before(post: Pick<PostRecord, "at">, ms = CROSSING_MS): Span {
  return { from: post.at - ms, to: post.at };
}

/** The side that a request takes for lost. */
export function lostSide(post: PostRecord): Side {
  return otherSide(post.side);
}

/** When the instance itself, or the region around it, was in any trouble that a look could meet. */
function troublesOf(run: Chronicle, side: Side): readonly Span[] {
  const instance = [
    "instance-down",
    "writes-hang",
    "slow",
    "flaky",
    "database-inaccessible",
    "key-denied",
  ] as const;
  return [
    ...instance.flatMap((name) => spansOf(run, name).filter(({ fault }) => fault.on === side)),
    ...(["sql-error", "write-error"] as const).flatMap((name) =>
      spansOf(run, name).filter(({ fault }) => fault.on === side && !speaks(fault.number)),
    ),
    ...(["region-dark", "region-isolated"] as const).flatMap((name) =>
      spansOf(run, name).filter(({ fault }) => fault.region === REGION_AT[side]),
    ),
  ];
}

export function wasIll(run: Chronicle, side: Side, { from, to }: Span): boolean {
  const moving = run.operations.some(
    ({ startedAt, endedAt }) => startedAt < to && (endedAt ?? to) > from - 30 * SECOND,
  );
  return moving || troublesOf(run, side).some((span) => span.from < to && span.to > from);
}

/** When the trouble began that a request crossed; null where there was none. */
export function onsetOf(run: Chronicle, post: PostRecord): number | null {
  const { from, to } = before(post);
  const side = lostSide(post);
  const cuts = spansOf(run, "partition").filter(({ fault }) => fault.to === REGION_AT[side]);
  const crossed = [...troublesOf(run, side), ...cuts].filter(
    (span) => span.from < to && span.to > from,
  );
  return crossed.length === 0 ? null : Math.min(...crossed.map((span) => span.from));
}

function speaks(number: number): boolean {
  return REFUSED.includes(number) || UNSEEN.includes(number);
}

/** Did the instance answer all the while, if only with a refusal that shows that it lives? */
export function wasAlive(run: Chronicle, side: Side, span: Span): boolean {
  return !wasIll(run, side, span);
}

/** Could the site have a look, and its network, to rely on? Without its reference it is blind to all that is down. */
function couldLook(run: Chronicle, site: string, span: Span): boolean {
  const region = REGION_OF[site] ?? "";
  return !(
    held(run, "site-stopped", span, (fault) => fault.site === site) ||
    held(run, "region-dark", span, (fault) => fault.region === region) ||
    held(run, "vantage-blind", span, (fault) => fault.site === site) ||
    held(run, "reference-down", span, (fault) => fault.site === site)
  );
}

function pathWasCut(run: Chronicle, site: string, side: Side, span: Span): boolean {
  const region = REGION_OF[site];
  return (
    touched(run, "partition", span, ({ from, to }) => from === region && to === REGION_AT[side]) ||
    touched(run, "region-isolated", span, (fault) => fault.region === region)
  );
}

/** Could this site have voted down for what it saw itself? */
function couldVoteDown(run: Chronicle, site: string, side: Side, span: Span): boolean {
  return (
    couldLook(run, site, span) && (wasIll(run, side, span) || pathWasCut(run, site, side, span))
  );
}

/** Sites that could have voted that side down, by their own eyes; and those that say so whatever they see. */
export function downVotes(
  run: Chronicle,
  side: Side,
  span: Span,
): {
  readonly honest: readonly string[];
  readonly lying: readonly string[];
  readonly blind: readonly string[];
} {
  const lies = (site: string): boolean =>
    touched(run, "peer-lies", span, (fault) => fault.site === site && fault.how !== "stale");
  const honest = SITES.filter((site) => couldVoteDown(run, site, side, span));
  return {
    honest,
    lying: SITES.filter((site) => lies(site) && !honest.includes(site)),
    blind: SITES.filter((site) => !couldLook(run, site, span)),
  };
}

/** A site that saw that side alive all the while, whom the one that acts could hear. */
export function witness(run: Chronicle, actor: string, side: Side, span: Span): string | null {
  if (!wasAlive(run, side, span)) return null;
  return (
    SITES.find((site) => sawIt(run, site, side, span) && heard(run, actor, site, span)) ?? null
  );
}

function sawIt(run: Chronicle, site: string, side: Side, span: Span): boolean {
  const region = REGION_OF[site] ?? "";
  const at = (fault: { readonly site: string }): boolean => fault.site === site;
  const from = (fault: { readonly from?: string | undefined }): boolean =>
    (fault.from ?? region) === region;
  const here = (fault: { readonly region?: string | undefined }): boolean =>
    (fault.region ?? region) === region;
  const atSite = [
    "site-stopped",
    "vantage-blind",
    "site-stalls",
    "clock-off",
    "peer-lies",
  ] as const;
  return !(
    atSite.some((name) => touched(run, name, span, at)) ||
    touched(run, "dns-fail", span, from) ||
    touched(run, "identity-down", span, here) ||
    touched(run, "region-dark", span, here) ||
    pathWasCut(run, site, side, span) ||
    wasKilled(run, site, span)
  );
}

function heard(run: Chronicle, actor: string, site: string, span: Span): boolean {
  if (actor === site) return true;
  const [here, there] = [REGION_OF[actor], REGION_OF[site]];
  const stalls = touched(run, "site-stalls", span, (fault) => fault.site === actor);
  const cut = touched(run, "partition", span, ({ from, to }) => from === here && to === there);
  const isolated = touched(
    run,
    "region-isolated",
    span,
    ({ region }) => region === here || region === there,
  );
  return (
    !stalls &&
    !cut &&
    !isolated &&
    !touched(run, "vantage-blind", span, (fault) => fault.site === actor)
  );
}

/** Its host died in that time, or so shortly before that it may not have looked since. */
export function wasKilled({ plan, startAt }: Chronicle, site: string, { from, to }: Span): boolean {
  return plan.moves.some(
    (move) =>
      move.kind === "death" &&
      move.site === site &&
      startAt + move.at > from - CROSSING_MS &&
      startAt + move.at < to,
  );
}

/** It began with failing storage. */
export function storageFailed(run: Chronicle, side: Side, span: Span): boolean {
  return touched(
    run,
    "write-error",
    span,
    ({ on, number }) => on === side && STORAGE.includes(number),
  );
}

/** Has a person approved or called anything so far? What they accept, nobody judges here. */
export function consented({ orders }: Chronicle, at: number): boolean {
  const lifting: readonly string[] = ["approve", "failover", "failback"];
  return orders.some((one) => lifting.includes(one.what) && one.at <= at);
}
