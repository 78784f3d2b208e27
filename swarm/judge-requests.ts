// What must never be asked of Azure, by what the world knew at that instant.

import type { PostRecord } from "../simulator/azure/world/record.ts";
import { ARM, at, type Invariant, STORES, say, unasked } from "./breach.ts";
import type { Chronicle } from "./chronicle.ts";
import { MINUTE, SECOND } from "./troubles.ts";
import {
  before,
  consented,
  downVotes,
  held,
  lostSide,
  storageFailed,
  touched,
  UNSEEN,
  wasIll,
  witness,
} from "./truth.ts";

const QUORUM = 2;
/** What a state that a reading shows must have lasted to be seen. */
const SEEN_MS = MINUTE;
/** The activity log tells of a failover two minutes late, and is asked every so often. */
const TOLD_MS = 3 * MINUTE;

function forced(run: Chronicle): readonly PostRecord[] {
  return unasked(run).filter(({ kind }) => kind === "forced");
}

export const tellStorage: Invariant = (run) =>
  unasked(run)
    .filter((post) => storageFailed(run, lostSide(post), before(post, 10 * MINUTE)))
    .map((post) => say(run, post, "it began with failing storage, and nobody was asked"));

export const findIgnoredLife: Invariant = (run) =>
  unasked(run)
    .filter(({ kind, side }) => kind === "forced" || side === "partner")
    .flatMap((post) => {
      const seenBy = witness(run, post.from, lostSide(post), before(post));
      return seenBy === null ? [] : [say(run, post, `${seenBy} saw the primary alive`)];
    });

export const countVotes: Invariant = (run) =>
  forced(run).flatMap((post) => {
    const { honest, lying } = downVotes(run, lostSide(post), before(post));
    const lost = lostSide(post) === "home" ? "weu" : "neu";
    if (lying.length > 0) return [];
    if (honest.length < QUORUM)
      return [say(run, post, `only ${honest.join() || "nobody"} could see it down`)];
    return honest.some((site) => site !== lost)
      ? []
      : [say(run, post, "nobody outside saw it down")];
  });

/** A lie is one vote, whatever it says. */
export const countLies: Invariant = (run) =>
  forced(run).flatMap((post) => {
    const { honest, lying } = downVotes(run, lostSide(post), before(post));
    if (lying.length === 0 || honest.length + lying.length >= QUORUM) return [];
    return [
      say(
        run,
        post,
        `${lying.join()} lied, and only ${honest.join() || "nobody"} could see it down`,
      ),
    ];
  });

export const countBlind: Invariant = (run) =>
  forced(run).flatMap((post) => {
    const { honest, lying, blind } = downVotes(run, lostSide(post), before(post));
    const missing = QUORUM - honest.length - lying.length;
    return missing > 0 && blind.length >= missing
      ? [say(run, post, `${blind.join()} saw nothing, and was counted`)]
      : [];
  });

export const findBusy: Invariant = (run) =>
  run.record.posts.flatMap((post) => {
    const span = before(post, SEEN_MS);
    const stood = (name: "seeding" | "policy-automatic"): boolean => held(run, name, span);
    const unread = ARM.some((name) => touched(run, name, before(post, 3 * MINUTE)));
    const byOther = run.operations.some(
      ({ by, startedAt, endedAt }) =>
        by === "other" && startedAt < post.at - TOLD_MS && (endedAt ?? post.at) >= post.at,
    );
    const why = [
      stood("seeding") && !unread ? ["the group is seeding"] : [],
      stood("policy-automatic") && !unread && !consented(run, post.at)
        ? ["Microsoft manages it"]
        : [],
      byOther && !unread ? ["another failover runs"] : [],
      held(run, "operation-running", span, ({ on }) => on === post.side) && !unread
        ? ["an operation runs there"]
        : [],
      held(run, "instance-down", span, ({ on }) => on === post.side)
        ? ["the secondary is down"]
        : [],
    ].flat();
    return why.map((each) => say(run, post, each));
  });

const KEYS = ["key-denied", "key-unreachable", "key-check-silent"] as const;

/** A proof from before the fault stays good for a while: only one that has stood from the start is judged. */
export const findUnprovenKey: Invariant = (run) =>
  unasked(run).flatMap((post) =>
    KEYS.filter((name) =>
      held(run, name, { from: run.startAt, to: post.at }, ({ on }) => on === post.side),
    ).map((name) => say(run, post, name)),
  );

export const findForbidden: Invariant = (run) =>
  run.plan.mode === "observe"
    ? run.record.posts.map((post) => say(run, post, "the mode is observe"))
    : [];

/** Each refusal in a row slows us down, and what was taken is not sent again before two quiet minutes are over. */
const PATIENCE_MS = [9, 28, 57, 115, 290].map((seconds) => seconds * SECOND);
const QUIET_MS = 110 * SECOND;

export const findRepeats: Invariant = (run) => {
  let refusals = 0;
  return run.record.posts.flatMap((post, index) => {
    const last = run.record.posts[index - 1];
    if (last === undefined) return [];
    const span = { from: last.at - MINUTE, to: post.at };
    const misheard =
      touched(run, "clock-off", span) || ARM.some((name) => touched(run, name, span));
    refusals = last.answer === "accepted" ? 0 : refusals + 1;
    const wanted = refusals === 0 ? QUIET_MS : (PATIENCE_MS[refusals - 1] ?? 290 * SECOND);
    // The rungs of one incident follow each other as they end.
    const ended = run.operations.some(
      ({ by, endedAt }) =>
        by === "us" && endedAt !== null && endedAt > last.at && endedAt < post.at,
    );
    const pauseMs = post.at - last.at;
    if (pauseMs >= wanted || ended || misheard || consented(run, post.at)) return [];
    return [say(run, post, `${pauseMs} ms after another, which was ${last.answer}`)];
  });
};

export const findForcedHome: Invariant = (run) =>
  forced(run)
    .filter((post) => post.side === "home" && !wasIll(run, "partner", before(post)))
    .map((post) => say(run, post, "home is a planned failover, or none"));

export const findForcedBesidePlanned: Invariant = (run) =>
  run.record.posts
    .filter(({ kind }) => kind === "forced")
    .filter((post) =>
      run.operations.some(
        ({ by, kind, startedAt, endedAt }) =>
          by === "us" &&
          kind === "planned" &&
          startedAt < post.at &&
          (endedAt ?? post.at) >= post.at,
      ),
    )
    .map((post) => say(run, post, "our planned failover runs"));

export const findUnseen: Invariant = (run) =>
  unasked(run)
    .filter((post) => {
      const span = before(post);
      const unseen = ({ on, number }: { readonly on: string; readonly number: number }): boolean =>
        on === lostSide(post) && UNSEEN.includes(number);
      const said = held(run, "sql-error", span, unseen) || held(run, "write-error", span, unseen);
      return said && witness(run, post.from, lostSide(post), span) !== null;
    })
    .map((post) => say(run, post, "the primary speaks, if only in a code that nobody has seen"));

/** The roles are read once more when all but the request is done: that long ago they had moved. */
const ROLES_READ_MS = 3 * SECOND;

export const findLateRequests: Invariant = (run) =>
  run.record.posts.flatMap((post) => {
    const moved = run.record.roles.findLast((role) => role.at <= post.at);
    const slow = [...ARM, ...STORES, "site-stalls" as const, "clock-off" as const];
    if (moved?.primary !== post.side || post.at - moved.at < ROLES_READ_MS) return [];
    if (slow.some((name) => touched(run, name, before(post)))) return [];
    return [say(run, post, `that side has been primary since ${at(run, moved.at)}`)];
  });

/** A claim is one request, whoever wants it: the newest in each store counts those before it. */
export const countClaims: Invariant = (run) => {
  const whole = { from: run.startAt, to: run.endAt };
  const forgetful = ["store-write-lost", "store-write-late"] as const;
  if (forgetful.some((name) => touched(run, name, whole))) return [];
  const claims = Object.values(run.rows)
    .flatMap((rows) => rows.claims.map(({ epoch }) => epoch))
    .reduce((sum, epoch) => sum + epoch, 0);
  const requests = run.record.posts.length;
  return requests > claims ? [`${requests} requests for ${claims} claims`] : [];
};
