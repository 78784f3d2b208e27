// What must never happen (docs/spec.md), each read from the world's ledger by one small function that gives a line
// for every breach. What a person has consented to is left to the tests of people. Times that the world and a site
// may see differently are left out: a breach that is found is one.

import type { PostRecord } from "../simulator/azure/world/record.ts";
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
  wasKilled,
  witness,
} from "./truth.ts";

type Invariant = (run: Chronicle) => readonly string[];

const QUORUM = 2;
/** What a state that a reading shows must have lasted to be seen. */
const SEEN_MS = MINUTE;
/** The activity log tells of a failover two minutes late, and is asked every so often. */
const TOLD_MS = 3 * MINUTE;

function unasked(run: Chronicle): readonly PostRecord[] {
  return run.record.posts.filter(({ at }) => !consented(run, at));
}

function forced(run: Chronicle): readonly PostRecord[] {
  return unasked(run).filter(({ kind }) => kind === "forced");
}

function at(run: Chronicle, instant: number): string {
  return `at ${((instant - run.startAt) / SECOND).toFixed(1)} s`;
}

function say(run: Chronicle, post: PostRecord, why: string): string {
  return `${post.kind} ${at(run, post.at)} by ${post.from}: ${why}`;
}

const tellStorage: Invariant = (run) =>
  unasked(run)
    .filter((post) => storageFailed(run, lostSide(post), before(post, 10 * MINUTE)))
    .map((post) => say(run, post, "it began with failing storage, and nobody was asked"));

/** The world shows only whether more of them took effect than one; the rungs of one incident are one. */
const findSecondFailover: Invariant = (run) => {
  const ours = run.record.roles.filter(
    ({ by, at: movedAt }) => by === "us" && !consented(run, movedAt),
  );
  return ours
    .slice(run.plan.goesHome ? 2 : 1)
    .map(({ at: movedAt }) => `one more failover took effect ${at(run, movedAt)}`);
};

const findIgnoredLife: Invariant = (run) =>
  unasked(run)
    .filter(({ kind, side }) => kind === "forced" || side === "partner")
    .flatMap((post) => {
      const seenBy = witness(run, post.from, lostSide(post), before(post));
      return seenBy === null ? [] : [say(run, post, `${seenBy} saw the primary alive`)];
    });

const countVotes: Invariant = (run) =>
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
const countLies: Invariant = (run) =>
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

const countBlind: Invariant = (run) =>
  forced(run).flatMap((post) => {
    const { honest, lying, blind } = downVotes(run, lostSide(post), before(post));
    const missing = QUORUM - honest.length - lying.length;
    return missing > 0 && blind.length >= missing
      ? [say(run, post, `${blind.join()} saw nothing, and was counted`)]
      : [];
  });

const ARM = [
  "arm-down",
  "arm-5xx",
  "arm-html",
  "arm-throttled",
  "arm-slow",
  "arm-late",
  "group-read-stale",
] as const;

const findBusy: Invariant = (run) =>
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
const findUnprovenKey: Invariant = (run) =>
  unasked(run).flatMap((post) =>
    KEYS.filter((name) =>
      held(run, name, { from: run.startAt, to: post.at }, ({ on }) => on === post.side),
    ).map((name) => say(run, post, name)),
  );

/** Clients of a primary that is cut off go on: only what was committed before the loss is within a bound. */
const measureLoss: Invariant = (run) =>
  run.record.losses
    .filter((loss) => loss.because === "not-replicated" && !consented(run, loss.at))
    .filter(({ at: lostAt }) =>
      run.record.roles.some(
        (role) => role.by === "us" && role.kind === "forced" && role.at === lostAt,
      ),
    )
    .flatMap(({ at: lostAt, lastAt, lossMs, database }) => {
      const onsets = run.plan.moves.flatMap((move) =>
        move.kind === "fault" ? [run.startAt + move.fault.at] : [],
      );
      const onsetAt =
        onsets
          .filter((each) => each <= lastAt && each > lastAt - lossMs)
          .sort((a, b) => a - b)[0] ?? lastAt;
      const beforeMs = Math.min(lastAt, onsetAt) - (lastAt - lossMs);
      const overMs = beforeMs - run.policy.lossBudgetMs;
      return overMs > 15 * SECOND
        ? [
            `forced ${at(run, lostAt)}: ${database} lost ${beforeMs / SECOND} s from before the loss`,
          ]
        : [];
    });

const findForbidden: Invariant = (run) =>
  run.plan.mode === "observe"
    ? run.record.posts.map((post) => say(run, post, "the mode is observe"))
    : [];

/** Each claim is one POST, and a refusal slows us down: two never follow each other at once. */
const findRepeats: Invariant = (run) =>
  run.record.posts.flatMap((post, index) => {
    const last = run.record.posts[index - 1];
    if (last === undefined || consented(run, post.at)) return [];
    const pauseMs = post.at - last.at;
    const skewed = touched(run, "clock-off", { from: last.at - SECOND, to: post.at });
    return pauseMs < 9 * SECOND && !skewed
      ? [say(run, post, `${pauseMs} ms after another request`)]
      : [];
  });

const findForcedHome: Invariant = (run) =>
  forced(run)
    .filter((post) => post.side === "home" && !wasIll(run, "partner", before(post)))
    .map((post) => say(run, post, "home is a planned failover, or none"));

const STORES = [
  "store-down",
  "store-answer-lost",
  "store-write-lost",
  "store-write-late",
  "store-conflict",
] as const;

/** Where a store loses what it is told, or a host dies over it, there may be none. */
const findUnaudited: Invariant = (run) => {
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

const findCooldown: Invariant = (run) =>
  run.record.roles.flatMap((role, index) => {
    const last = run.record.roles[index - 1];
    if (role.by !== "us" || last === undefined || last.kind === "start" || consented(run, role.at))
      return [];
    return role.at - last.at < run.policy.cooldownMs
      ? [`roles changed again ${at(run, role.at)}, within the cooldown`]
      : [];
  });

const findUnpaused: Invariant = (run) =>
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
const findUnbooked: Invariant = (run) => {
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
    away > 0 && told === 0 ? ["nobody was told of the failover"] : [],
    away > 0 ? homes.map((site) => `no way home in the store of ${site}`) : [],
  ].flat();
};

const findForcedBesidePlanned: Invariant = (run) =>
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

const findUnseen: Invariant = (run) =>
  unasked(run)
    .filter((post) => {
      const span = before(post);
      const unseen = ({ on, number }: { readonly on: string; readonly number: number }): boolean =>
        on === lostSide(post) && UNSEEN.includes(number);
      const said = held(run, "sql-error", span, unseen) || held(run, "write-error", span, unseen);
      return said && witness(run, post.from, lostSide(post), span) !== null;
    })
    .map((post) => say(run, post, "the primary speaks, if only in a code that nobody has seen"));

/** Every incident ends once all is well again, and so does what was sent. */
const findUnended: Invariant = (run) =>
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

/** A loss that lasts while all the others are well leads to a request, or somebody hears of it. */
const findSilence: Invariant = (run) =>
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

function isTrueLoss(fault: {
  readonly fault: string;
  readonly region?: unknown;
  readonly on?: unknown;
}): boolean {
  if (fault.fault === "instance-down") return fault.on === "home";
  return fault.fault.startsWith("region-") && fault.region === "westeurope";
}

/** By the ids of docs/spec.md, and two that have none there. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  I1: tellStorage,
  I2: findSecondFailover,
  I3: findIgnoredLife,
  I4: countVotes,
  I5: findBusy,
  I6: findUnprovenKey,
  I7: measureLoss,
  I8: findForbidden,
  I9: findRepeats,
  I10: findForcedHome,
  I11: countBlind,
  I12: findUnaudited,
  I13: findCooldown,
  I14: countLies,
  I15: findUnpaused,
  I16: (run) => [...findUnbooked(run), ...findForcedBesidePlanned(run)],
  I19: findUnseen,
  L3: findUnended,
  silence: findSilence,
};

/** Every breach, with the id of what was broken. */
export function judge(run: Chronicle): readonly string[] {
  return Object.entries(INVARIANTS).flatMap(([id, breaches]) =>
    breaches(run).map((breach) => `${id}: ${breach}`),
  );
}
