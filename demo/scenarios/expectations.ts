// What is expected of the app in each scenario, checked against the simulated world's own ledger:
// never against what the app says of itself. Scenario files hold no expectations.

import type { Group } from "../../shared/domain/group.ts";
import { opensNext } from "../../shared/policy/evidence/windows.ts";
import type { PostRecord, WorldRecord } from "../../simulator/azure/world/record.ts";
import type { FaultName } from "../../simulator/faults.ts";

/** What an expectation may look at. */
export interface Seen {
  readonly record: WorldRecord;
  readonly group: Group;
  /** What befell the world, and between which instants. */
  readonly faults: readonly {
    readonly fault: FaultName;
    readonly startAt: number;
    readonly endAt: number;
  }[];
  readonly endAt: number;
  /** The upper end of the loss interval that the app wrote down, to be held against the truth. */
  readonly lossAtMostSeconds: number | null;
}

export interface Expectation {
  readonly says: string;
  readonly holds: (seen: Seen) => boolean;
  /** Whether it can be expected of this configuration; always, when absent. */
  readonly applies?: (seen: Seen) => boolean;
}

type Expected = Record<Group["policy"]["mode"], readonly Expectation[]>;

const nothingPosted: Expectation = {
  says: "no failover was requested",
  holds: ({ record, group }) => postsOf(record, group).length === 0,
};

const nobodyAsked: Expectation = {
  says: "nobody was asked to approve anything",
  holds: ({ record }) => !record.sent.some(({ event }) => event.type === "ask"),
};

const somebodyAsked: Expectation = {
  says: "a person was asked",
  holds: ({ record }) => record.sent.some(({ event }) => event.type === "ask"),
};

const homeThroughout: Expectation = {
  says: "home was primary all the time",
  holds: ({ record, group }) => rolesOf(record, group).length === 1,
};

const homeAgain: Expectation = {
  says: "home is primary again, by a planned failover",
  holds: ({ record, group }) => {
    const last = rolesOf(record, group).at(-1);
    return last?.primary === "home" && last.kind === "planned" && last.by === "us";
  },
  applies: ({ group, faults, endAt }) => {
    const { mode, window } = group.policy.failback;
    const overAt = Math.max(...faults.map((fault) => fault.endAt));
    const opensAt = window === null ? overAt : (opensNext(window, overAt) ?? endAt);
    return mode === "automatic" && opensAt < endAt;
  },
};

const onePostAway = (kind: PostRecord["kind"]): Expectation => ({
  says: `home was left once, by one ${kind} failover`,
  holds: ({ record, group }) => {
    const away = rolesOf(record, group).filter(({ primary }) => primary === "partner");
    const posts = postsOf(record, group).filter(
      ({ side, answer }) => side === "partner" && answer === "accepted",
    );
    return away.length === 1 && away[0]?.kind === kind && posts.length === 1;
  },
});

const notBeforeGrace = (onset: FaultName, which: "graceMs" | "grayGraceMs"): Expectation => ({
  says: "it was not requested before the grace was over",
  holds: ({ record, group, faults }) => {
    const [first] = postsOf(record, group);
    return first !== undefined && first.at >= beginOf(faults, onset) + group.policy[which];
  },
});

/** L1 of the specification: with a clean secondary the request is made within grace + 30 s. */
const soonAfterGrace = (onset: FaultName, which: "graceMs" | "grayGraceMs"): Expectation => ({
  says: "it was requested within 30 s of the end of the grace",
  holds: ({ record, group, faults }) => {
    const [first] = postsOf(record, group);
    const latestAt = beginOf(faults, onset) + group.policy[which] + 30_000;
    return first !== undefined && first.at <= latestAt;
  },
});

/** A secondary without its key would come up with databases that do not open. */
const notWhileKeyIsCut: Expectation = {
  says: "nothing was requested while the secondary could not reach its key",
  holds: ({ record, faults }) =>
    record.posts.every(({ at }) =>
      faults.every(
        ({ fault, startAt, endAt }) => fault !== "key-unreachable" || at < startAt || at >= endAt,
      ),
    ),
};

const lossAsPromised: Expectation = {
  says: "no more was lost than the receipt says",
  holds: ({ record, lossAtMostSeconds }) =>
    lossAtMostSeconds !== null &&
    record.losses.every(({ lossMs }) => lossMs <= lossAtMostSeconds * 1_000),
};

const nothingLost: Expectation = {
  says: "no acknowledged row is missing",
  holds: ({ record }) => record.losses.length === 0,
};

const onlyWatches = [nothingPosted, nobodyAsked, homeThroughout];
const asksOnly = [somebodyAsked, nothingPosted, homeThroughout];

/** In observe nothing is ever requested; in approve nothing without an answer, and nobody answers here. */
function acting(automatic: readonly Expectation[]): Expected {
  return { observe: onlyWatches, approve: asksOnly, automatic };
}

const EXPECTATIONS: ReadonlyMap<string, Expected> = new Map([
  [
    "region-loss",
    acting([
      onePostAway("forced"),
      notBeforeGrace("region-dark", "graceMs"),
      soonAfterGrace("region-dark", "graceMs"),
      lossAsPromised,
      homeAgain,
    ]),
  ],
  ["calm", { observe: onlyWatches, approve: onlyWatches, automatic: onlyWatches }],
  ["blip-43s", { observe: onlyWatches, approve: onlyWatches, automatic: onlyWatches }],
  ["wan-partition", { observe: onlyWatches, approve: onlyWatches, automatic: onlyWatches }],
  [
    "vault-unreachable",
    acting([somebodyAsked, notWhileKeyIsCut, onePostAway("forced"), lossAsPromised]),
  ],
  [
    "storage-gray",
    acting([
      onePostAway("planned"),
      notBeforeGrace("writes-hang", "grayGraceMs"),
      nothingLost,
      homeAgain,
    ]),
  ],
]);

/** The expectations of one scenario in one mode. */
export function expectationsOf(
  scenario: string,
  mode: Group["policy"]["mode"],
): readonly Expectation[] {
  const expected = EXPECTATIONS.get(scenario);
  if (expected === undefined) {
    throw new Error(`Cannot judge the run: nothing is expected of this scenario: ${scenario}`);
  }
  return expected[mode];
}

function rolesOf({ roles }: WorldRecord, { name }: Group): WorldRecord["roles"] {
  return roles.filter(({ group }) => group === name);
}

function postsOf({ posts }: WorldRecord, { name }: Group): WorldRecord["posts"] {
  return posts.filter(({ group }) => group === name);
}

function beginOf(faults: Seen["faults"], wanted: FaultName): number {
  return Math.min(...faults.filter(({ fault }) => fault === wanted).map(({ startAt }) => startAt));
}
