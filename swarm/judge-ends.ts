// What must have come of a run when it is over.

import { findCrowding } from "../simulator/find-crowding.ts";
import { ARM, at, type Invariant, STORES, say } from "./breach.ts";
import type { Chronicle } from "./chronicle.ts";
import { MINUTE, SECOND } from "./troubles.ts";
import { consented, onsetOf, touched, wasKilled } from "./truth.ts";

/** More than one that took effect, or one that was asked of the side that had become primary meanwhile. */
export const findSecondFailover: Invariant = (run) => {
  const ours = run.record.roles.filter(
    ({ by, at: movedAt }) => by === "us" && !consented(run, movedAt),
  );
  const more = ours
    .slice(run.plan.home === "stays" ? 1 : 2)
    .map(({ at: movedAt }) => `one more failover took effect ${at(run, movedAt)}`);
  return more;
};

/** Clients of a primary that is cut off, or comes back, go on: only what was committed before the loss is within a bound. */
export const measureLoss: Invariant = (run) =>
  run.record.losses
    .filter((loss) => loss.because === "not-replicated" && !consented(run, loss.at))
    .flatMap(({ at: lostAt, lastAt, lossMs, database }) => {
      const post = run.record.posts.findLast(
        (each) => each.at <= lostAt && each.kind === "forced" && each.answer === "accepted",
      );
      const ours = run.record.roles.some(
        ({ by, at: movedAt }) => by === "us" && movedAt === lostAt,
      );
      if (post === undefined || !ours) return [];
      const beforeMs = Math.min(lastAt, onsetOf(run, post) ?? post.at) - (lastAt - lossMs);
      if (beforeMs <= run.policy.lossBudgetMs + 15 * SECOND) return [];
      const seconds = beforeMs / SECOND;
      return [`forced ${at(run, lostAt)}: ${database} lost ${seconds} s from before the loss`];
    });

/** Where a store loses what it is told, or a host dies over it, there may be none. */
export const findUnaudited: Invariant = (run) => {
  const sent = Object.values(run.rows).flatMap(({ audit }) =>
    audit.filter(({ action }) => action === "post-sent"),
  );
  return run.record.posts.flatMap((post) => {
    const span = { from: post.at - MINUTE, to: post.at + MINUTE };
    const excused =
      [
        ...STORES,
        "clock-off" as const,
        "partition" as const,
        "region-isolated" as const,
        "vantage-blind" as const,
        "site-stalls" as const,
      ].some((name) => touched(run, name, span)) || wasKilled(run, post.from, span);
    const told = sent.some(
      (entry) => entry.site === post.from && Math.abs(entry.at - post.at) < 2 * MINUTE,
    );
    return excused || told ? [] : [say(run, post, "no audit record of it")];
  });
};

export const findCooldown: Invariant = (run) =>
  run.record.roles.flatMap((role, index) => {
    const last = run.record.roles[index - 1];
    if (role.by !== "us" || last === undefined || last.kind === "start" || consented(run, role.at))
      return [];
    return role.at - last.at < run.policy.cooldownMs
      ? [`roles changed again ${at(run, role.at)}, within the cooldown`]
      : [];
  });

export const findUnpaused: Invariant = (run) =>
  run.orders
    .filter(({ what, status }) => what === "pause" && status === 200)
    .flatMap(({ who, answeredAt }) => {
      if (answeredAt === null) return [];
      const lifted = run.orders.filter(
        (one) => one.what === "resume" && one.who === who && one.at >= answeredAt,
      );
      const liftedAt = Math.min(run.endAt, ...lifted.map((one) => one.at));
      return run.record.posts
        .filter((post) => post.at > answeredAt && post.at < liftedAt)
        .map((post) =>
          say(run, post, `paused by ${who}, who was answered 200 ${at(run, answeredAt)}`),
        );
    });

/** For each role change of ours one receipt; to the partner side also its messages and the way home. */
export const findUnbooked: Invariant = (run) => {
  const ours = run.record.roles.filter(({ by }) => by === "us");
  const rows = Object.values(run.rows);
  const receipts = new Set(rows.flatMap(({ failovers }) => failovers)).size;
  const told = run.record.sent.filter(({ event }) => event.type === "failed-over").length;
  const away = ours.filter(({ primary }) => primary === "partner").length;
  const homes = (["weu", "neu"] as const).filter(
    (site) => (run.rows[site]?.failbacks.length ?? 0) === 0,
  );
  return [
    receipts === ours.length
      ? []
      : [`${ours.length} role changes of ours have ${receipts} receipts`],
    away > 0 && told === 0 && !isMute(run) ? ["nobody was told of the failover"] : [],
    away > 0 ? homes.map((site) => `no way home in the store of ${site}`) : [],
  ].flat();
};

/** Could nobody be told while the roles moved, and the new primary was proven? */
function isMute(run: Chronicle): boolean {
  const ours = run.record.roles.filter(({ by }) => by === "us");
  return ours.some(({ at: from }) =>
    (["notifier-down", "vantage-blind"] as const).some((name) =>
      touched(run, name, { from, to: from + MINUTE }),
    ),
  );
}

const MUTE = [
  "notifier-down",
  "vantage-blind",
  "site-stopped",
  "site-stalls",
  "reference-down",
  "dns-fail",
  "identity-down",
  "partition",
  "clock-off",
  ...STORES,
] as const;

/** Whoever is to be asked hears of it. */
export const findUnasked: Invariant = (run) => {
  const decided = Object.values(run.rows).flatMap(({ asksDecidedAt }) => asksDecidedAt);
  const told = run.record.sent.some(({ event }) => event.type === "ask");
  const whole = { from: run.startAt, to: run.endAt };
  const dead = run.plan.moves.some(({ kind }) => kind === "death");
  if (told || dead || MUTE.some((name) => touched(run, name, whole))) return [];
  return decided
    .slice(0, 1)
    .map((askedAt) => `nobody was asked what was to be asked ${at(run, askedAt)}`);
};

/** Every incident ends once all is well again, and so does what was sent. */
export const findUnended: Invariant = (run) =>
  Object.entries(run.rows).flatMap(([site, { incidents, claims }]) => [
    ...incidents
      .filter(({ closedAt }) => closedAt === null)
      .map(
        ({ decision }) =>
          `the incident in the store of ${site} is open at the end: ${decision?.rule ?? "undecided"}`,
      ),
    ...claims
      .filter(({ state }) => state !== "spent")
      .map(({ state }) => `the claim in the store of ${site} is ${state} at the end`),
  ]);

/** A loss that lasts while all the others are well leads to a request, or somebody hears of it. */
export const findSilence: Invariant = (run) =>
  run.plan.moves.flatMap((move) => {
    if (move.kind !== "fault" || !isTrueLoss(move.fault)) return [];
    const from = run.startAt + move.fault.at;
    const to = from + run.policy.graceMs + 4 * MINUTE;
    const span = { from: from - MINUTE, to };
    if (move.fault.for < to - from || run.endAt < to) return [];
    if (MUTE.some((name) => touched(run, name, span))) return [];
    const dead = run.plan.moves.some(({ kind }) => kind === "death");
    const paused = run.orders.some(({ what }) => what === "pause");
    const acted = run.record.posts.some((post) => post.at >= from && post.at <= to);
    const told = run.record.sent.some((sent) => sent.at >= from && sent.at <= to);
    return acted || told || dead || paused
      ? []
      : [`silent: ${move.fault.fault} ${at(run, from)}, and nothing was sent or said`];
  });

/** Whatever Azure refuses us, and we hear of, a person hears of. */
export const findUntoldRefusal: Invariant = (run) =>
  run.record.posts.flatMap((post) => {
    const span = { from: post.at - MINUTE, to: post.at + 2 * MINUTE };
    const mute = [...MUTE, ...ARM, "arm-answer-lost" as const];
    const ours = run.operations.some(({ by, startedAt }) => by === "us" && startedAt < post.at);
    const told = run.record.sent.some(
      ({ at: sentAt, event }) =>
        event.type === "page" && sentAt <= span.to && event.id.includes(`refused-${post.answer}`),
    );
    // Busy with what was asked before is no refusal.
    if (post.answer === "accepted" || ours || told || run.endAt < span.to) return [];
    if (mute.some((name) => touched(run, name, span)) || wasKilled(run, post.from, span)) return [];
    return [say(run, post, `refused (${post.answer}), and nobody was told`)];
  });

/** Sites that are cut off from one another tell of a condition each: of that only pages are counted. */
export const findTooMuch: Invariant = (run) =>
  findCrowding(
    run.record.sent.filter(
      ({ event }) => event.type !== "notice" || !event.id.startsWith("condition~"),
    ),
  );

function isTrueLoss(fault: {
  readonly fault: string;
  readonly region?: unknown;
  readonly on?: unknown;
}): boolean {
  if (fault.fault === "instance-down") return fault.on === "home";
  return fault.fault.startsWith("region-") && fault.region === "westeurope";
}
