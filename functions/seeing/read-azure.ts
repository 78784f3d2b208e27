import type { Advice, Facts } from "../../shared/domain/facts.ts";
import { type Instance, otherSide, type Side } from "../../shared/domain/group.ts";
import type { GroupLedger } from "../../shared/ledger/group-ledger.ts";
import type { PrimaryReading } from "../../shared/policy/evidence/primary-work.ts";
import type { GroupReading } from "../../shared/ports/failover-groups.ts";
import type {
  InaccessibleReading,
  InstanceReading,
  Instances,
  OperationReading,
} from "../../shared/ports/instances.ts";
import type { ActivityReading } from "../../shared/ports/signals.ts";
import type { Unread } from "../../shared/ports/unread.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";
import { stateOf } from "./probe-secondary.ts";
import { readSide, readSideWhenLet, stateOfGroup } from "./read-roles.ts";
import { createTopic, type Told, type Topic } from "./topic.ts";

// What Resource Manager and its log say of a group, and how old it may be.
//
// P1. A round that acts has asked, in that very round, for all that may close a guard.
// P2. Any other asks for the roles, for what was in the way when it was last told, and for one thing more: what it has
//     not asked for the longest. So groups that are lost together do not ask for everything together.
// P3. What gives no answer stands as it was last told, for two minutes; then it is unknown. The roles never stand.
// P4. Roles that were not told because too much was asked are asked for once more in a round that may act, when whoever
//     answers wants it: they alone would hold it for another round, and the look at a lost primary takes longer.

/** What is in order is not asked for again before, in a round that does not act. */
const YOUNG_MS = 60_000;
/** So long the side that may be lost is waited for, where it is all that is missing to act. */
const LOST_SIDE_MS = 500;

interface About {
  readonly app: App;
  readonly ledger: GroupLedger;
  readonly primary: Side;
  /** How far back the log is read. */
  readonly sinceMs: number;
  /** What may close a guard and was asked for before this instant is asked for again. */
  readonly freshFrom: number;
  /** Everything else is there to act on. */
  readonly hurried: boolean;
}

/** Asks for what may be lost with its region: best effort, and not for long where all that is missing is to ask. */
function ofPrimary<Answer>(
  { app, ledger, primary, hurried }: About,
  ask: (instances: Instances, instance: Instance) => Promise<Answer>,
): Promise<Answer | Unread> {
  const { clock, instances } = app.ports;
  const asking: Promise<Answer | Unread> = ask(instances, ledger.group[primary]);
  const unread = (because: string): Unread => ({ kind: "unknown", because });
  return hurried ? within(clock, LOST_SIDE_MS, asking, unread) : asking;
}

function createTopics() {
  return {
    group: createTopic<GroupReading, About>({
      what: "group",
      ask: ({ app, ledger: { group }, primary, freshFrom, hurried }) => {
        const read = hurried || freshFrom === Number.NEGATIVE_INFINITY ? readSide : readSideWhenLet;
        return read(app, group, otherSide(primary));
      },
      inOrder: () => false,
      standsMs: 0,
    }),
    secondaryState: createTopic<InstanceReading, About>({
      what: "secondary",
      ask: ({ app, ledger: { group }, primary }) =>
        app.ports.instances.read(group[otherSide(primary)]),
      inOrder: (said) => said.kind === "read" && said.state.kind === "ready",
    }),
    secondaryOperation: createTopic<OperationReading, About>({
      what: "operations of the secondary",
      ask: ({ app, ledger: { group }, primary }) =>
        app.ports.instances.runningOperation(group[otherSide(primary)]),
      inOrder: ({ kind }) => kind === "none",
    }),
    primaryState: createTopic<InstanceReading, About>({
      what: "primary",
      ask: (about) => ofPrimary(about, (of, instance) => of.read(instance)),
      inOrder: (said) => said.kind === "unknown" || said.state.kind !== "not-ready",
    }),
    primaryOperation: createTopic<OperationReading, About>({
      what: "operations of the primary",
      ask: (about) => ofPrimary(about, (of, instance) => of.runningOperation(instance)),
      inOrder: ({ kind }) => kind !== "running",
    }),
    inaccessible: createTopic<InaccessibleReading, About>({
      what: "closed databases of the primary",
      ask: (about) => ofPrimary(about, (of, instance) => of.inaccessibleDatabases(instance)),
      inOrder: (said) => said.kind === "unknown" || said.databases.length === 0,
    }),
    activity: createTopic<ActivityReading, About>({
      what: "activity log",
      ask: ({ app, ledger, sinceMs }) => app.ports.signals.activity(ledger.group, sinceMs),
      inOrder: (said) =>
        said.kind === "unknown" || said.entries.every(({ ours, ended }) => ours || ended !== null),
    }),
    advice: createTopic<{ readonly kind: "read"; readonly advice: readonly Advice[] }, About>({
      what: "advice of the platform",
      ask: async ({ app, ledger, primary }) => ({
        kind: "read",
        advice: await app.ports.signals.advice(ledger.group, primary),
      }),
      inOrder: () => true,
    }),
  };
}

type Topics = ReturnType<typeof createTopics>;

/** What this process was told of a group while that side was primary. Lost with it: then all is asked for. */
const REMEMBERED = new WeakMap<GroupLedger, { readonly primary: Side; readonly topics: Topics }>();

function topicsOf({ ledger, primary }: About): Topics {
  const known = REMEMBERED.get(ledger);
  if (known?.primary === primary) return known.topics;
  const topics = createTopics();
  REMEMBERED.set(ledger, { primary, topics });
  return topics;
}

export type ToldByAzure = Pick<
  Facts,
  "groupState" | "inaccessible" | "activity" | "advice" | "throttled" | "askedSinceAt"
> & {
  readonly operation: Facts["operation"];
  readonly secondaryState: Facts["secondary"]["state"];
  /** What the primary's own side says of it, and when it was asked. */
  readonly primaryNow: PrimaryReading;
  readonly primaryAskedAt: number;
};

/** Asks for what this round has to ask for, and gives all that is known then. */
export async function readAzure(about: About): Promise<ToldByAzure> {
  const { clock } = about.app.ports;
  const topics = topicsOf(about);
  const { advice: _, ...guarding } = topics;
  const all: readonly Topic<About>[] = Object.values(topics);
  const guards: readonly Topic<About>[] = Object.values(guarding);
  const now = clock.now();
  const [longest] = all.toSorted((one, other) => one.triedAt(now) - other.triedAt(now));
  const due = all.filter(
    (topic) =>
      topic.isDue(now) ||
      (topic === longest && now - topic.triedAt(now) >= YOUNG_MS) ||
      (guards.includes(topic) && topic.triedAt(now) < about.freshFrom),
  );
  await Promise.all(due.map((topic) => topic.ask(clock, about)));
  return whatIsKnown(topics, guards, about.primary, clock.now());
}

function whatIsKnown(
  topics: Topics,
  guards: readonly Topic<About>[],
  primary: Side,
  now: number,
): ToldByAzure {
  const inaccessible = topics.inaccessible.told(now).answer;
  const activity = topics.activity.told(now).answer;
  const advice = topics.advice.told(now);
  const operation = topics.secondaryOperation.told(now).answer;
  const [state, work] = [topics.primaryState.told(now), topics.primaryOperation.told(now)];
  return {
    groupState: stateOfGroup(topics.group.told(now).answer),
    inaccessible:
      inaccessible.kind === "read"
        ? { kind: "read", databases: [...inaccessible.databases] }
        : { kind: "unknown", because: inaccessible.because },
    activity: activity.kind === "read" ? [...activity.entries] : [],
    advice: advice.answer.advice.map((each) => ({
      ...each,
      ageMs: each.ageMs + Math.max(0, now - advice.askedAt),
    })),
    operation: ofSecondary(operation, otherSide(primary)),
    secondaryState: stateOf(topics.secondaryState.told(now).answer),
    primaryNow: { state: stateOf(state.answer).kind, operation: work.answer },
    primaryAskedAt: askedAtOf(state, work),
    throttled: Object.values(topics).flatMap(({ what, throttledUntil }) => {
      const untilAt = throttledUntil();
      return untilAt === null || untilAt <= now ? [] : [{ what, untilAt }];
    }),
    // Long ago, as a number that a receipt can keep: null would say that nobody had to ask.
    askedSinceAt: Math.max(0, Math.min(...guards.map(({ triedAt }) => triedAt(now)))),
  };
}

/** What tells that the primary is at work tells it of its own instant; that it is not takes both. */
function askedAtOf(state: Told<InstanceReading>, work: Told<OperationReading>): number {
  if (work.answer.kind === "running") return work.askedAt;
  if (stateOf(state.answer).kind === "not-ready") return state.askedAt;
  return Math.min(state.askedAt, work.askedAt);
}

function ofSecondary(reading: OperationReading, side: Side): Facts["operation"] {
  switch (reading.kind) {
    case "none":
      return reading;
    case "running":
      return { ...reading, side, by: "unknown" };
    case "unknown":
      return { kind: "unknown", because: reading.because };
    default:
      return reading satisfies never;
  }
}
