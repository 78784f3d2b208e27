import * as z from "zod";

export interface RetrySpec {
  firstIntervalMs: number;
  attemptsMax: number;
  backoff: number;
  intervalMsMax: number;
  timeoutMs: number;
}

/** One thing an orchestrator asked for, as its SDK reports it: all of them, from the start, every time. */
export type Action =
  | { kind: "activity"; name: string; input: unknown; retry: RetrySpec | null }
  | {
      kind: "child";
      name: string;
      childId: string | null;
      input: unknown;
      retry: RetrySpec | null;
      version: string | null;
    }
  | { kind: "continue-as-new"; input: unknown }
  | { kind: "timer"; fireAt: number; cancelled: boolean }
  | { kind: "event"; name: string }
  | { kind: "any"; of: readonly Action[] }
  | { kind: "all"; of: readonly Action[] }
  /** What this host cannot do. With the entity it is about, if any: an unknown one is never reached. */
  | { kind: "refused"; what: string; entity: string | null };

/** What one episode of user code came to. */
export interface Decisions {
  actions: readonly Action[];
  done: boolean;
  output: unknown;
  /** The message of the error the code ended with, or null. */
  error: string | null;
  /** Whether the code threw at all: what is not an Error leaves no message. */
  threw: boolean;
  customStatusJson: string | null;
}

const DAY_MS = 86_400_000;

const Retry = z.object({
  firstRetryIntervalInMilliseconds: z.number(),
  maxNumberOfAttempts: z.number(),
  backoffCoefficient: z.number().nullish(),
  maxRetryIntervalInMilliseconds: z.number().nullish(),
  retryTimeoutInMilliseconds: z.number().nullish(),
});

const RawAction = z.object({
  actionType: z.number(),
  functionName: z.string().optional(),
  input: z.unknown().optional(),
  instanceId: z.string().nullish(),
  version: z.string().nullish(),
  retryOptions: Retry.optional(),
  fireAt: z.string().optional(),
  isCanceled: z.boolean().optional(),
  externalEventName: z.string().optional(),
  get compoundActions() {
    return z.array(RawAction).optional();
  },
});
type RawAction = z.infer<typeof RawAction>;

const RawState = z.object({
  isDone: z.boolean(),
  actions: z.array(z.array(RawAction)),
  output: z.unknown().optional(),
  error: z.string().optional(),
  customStatus: z.unknown().optional(),
});

/** Reads the SDK's report. Throws when it is not one. */
export function readDecisions(json: string, threw: boolean): Decisions {
  const state = RawState.parse(JSON.parse(json));
  return {
    actions: (state.actions[0] ?? []).map(readAction),
    done: state.isDone,
    output: state.output,
    threw,
    error: state.error === undefined || state.error === "" ? null : state.error,
    customStatusJson: state.customStatus === undefined ? null : JSON.stringify(state.customStatus),
  };
}

function readAction(raw: RawAction): Action {
  const name = raw.functionName ?? "";
  const retry = raw.retryOptions ? readRetry(raw.retryOptions) : null;
  switch (raw.actionType) {
    case 0:
    case 1:
      return { kind: "activity", name, input: raw.input, retry };
    case 2:
    case 3: {
      const childId = raw.instanceId ?? null;
      return {
        kind: "child",
        name,
        childId,
        input: raw.input,
        retry,
        version: raw.version ?? null,
      };
    }
    case 4:
      return { kind: "continue-as-new", input: raw.input };
    case 5: {
      const fireAt = Date.parse(raw.fireAt ?? "");
      return { kind: "timer", fireAt, cancelled: raw.isCanceled ?? false };
    }
    case 6:
      return { kind: "event", name: raw.externalEventName ?? "" };
    case 11:
      return { kind: "any", of: (raw.compoundActions ?? []).map(readAction) };
    case 12:
      return { kind: "all", of: (raw.compoundActions ?? []).map(readAction) };
    default:
      return {
        kind: "refused",
        what: NAMES[raw.actionType] ?? `action ${raw.actionType}`,
        entity: /^@([^@]*)@/.exec(raw.instanceId ?? "")?.[1] ?? null,
      };
  }
}

const NAMES: Record<number, string> = {
  7: "callEntity",
  8: "callHttp",
  9: "signalEntity",
  13: "lock",
  14: "release of a lock",
};

function readRetry(raw: z.infer<typeof Retry>): RetrySpec {
  return {
    firstIntervalMs: raw.firstRetryIntervalInMilliseconds,
    attemptsMax: raw.maxNumberOfAttempts,
    backoff: raw.backoffCoefficient ?? 1,
    intervalMsMax: raw.maxRetryIntervalInMilliseconds ?? 6 * DAY_MS,
    timeoutMs: raw.retryTimeoutInMilliseconds ?? Number.POSITIVE_INFINITY,
  };
}

/** The first thing asked for that this host cannot do, or null. */
export function refusedIn(
  actions: readonly Action[],
  isEntity: (name: string) => boolean,
): string | null {
  for (const action of actions) {
    if (action.kind === "any" || action.kind === "all") {
      const inner = refusedIn(action.of, isEntity);
      if (inner !== null) return inner;
    }
    if (action.kind !== "refused") continue;
    if (action.entity === null || isEntity(action.entity)) return action.what;
  }
  return null;
}
