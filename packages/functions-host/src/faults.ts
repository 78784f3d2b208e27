// What is done to a host from outside. Delays, early and late timers, racing starts and events out of order
// are no faults: they are there whenever `latency` is "observed".
//
// | fault        | in real life                                                                       |
// |--------------|------------------------------------------------------------------------------------|
// | worker-crash | the node process exits or is killed; the platform starts another                   |
// | host-kill    | the machine goes, or the platform kills the host; timers stay silent for a while    |
// | host-stop    | a deployment or a scale-in; what runs has ten seconds, and its result may be lost   |
// | stuck        | the next call of a function never returns: after its time-out the worker is killed |

import { type Random, seededRandom } from "./random.ts";

export type Fault =
  | { kind: "worker-crash"; at: number }
  | { kind: "host-kill"; at: number }
  | { kind: "host-stop"; at: number }
  | { kind: "stuck"; at: number; functionName: string };

/** Given one by one, or drawn from a seed. */
export type FaultPlan =
  | { kind: "explicit"; faults: readonly Fault[] }
  | { kind: "seeded"; seed: number; from: number; until: number; functions?: readonly string[] };

/** The faults of a plan, in the order of their instants. */
export function faultsOf(plan: FaultPlan): readonly Fault[] {
  switch (plan.kind) {
    case "explicit":
      return [...plan.faults].sort((a, b) => a.at - b.at);
    case "seeded":
      return draw(plan);
    default:
      return plan satisfies never;
  }
}

const KINDS = ["worker-crash", "host-kill", "host-stop", "stuck"] as const;
/** Most runs have none or few of a kind, some have many. */
const FAULTS_MAX = 4;

/** Per run some kinds are absent altogether and the others wildly differ in number. */
function draw(plan: FaultPlan & { kind: "seeded" }): readonly Fault[] {
  const random = seededRandom(plan.seed).fork("faults");
  const faults: Fault[] = [];
  for (const kind of KINDS) {
    if (random.next() < 0.5) continue;
    const count = Math.ceil(FAULTS_MAX * random.next() ** 2);
    for (let n = 0; n < count; n++) {
      const at = Math.floor(random.between(plan.from, plan.until));
      const fault = faultOf(kind, at, random, plan.functions ?? []);
      if (fault !== null) faults.push(fault);
    }
  }
  return faults.sort((a, b) => a.at - b.at);
}

function faultOf(
  kind: Fault["kind"],
  at: number,
  random: Random,
  functions: readonly string[],
): Fault | null {
  if (kind !== "stuck") return { kind, at };
  const functionName = functions[Math.floor(random.next() * functions.length)];
  return functionName === undefined ? null : { kind, at, functionName };
}
