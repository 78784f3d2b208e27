// One incarnation of the app: what it registered, and how its functions are invoked.
//
// P1. A dead worker answers nobody: what its invocations still return is thrown away.
// P2. Invocations run in this process, so the code of a dead worker goes on until it ends by itself;
//     `died` tells the owner, who can make the ports of that worker refuse.

import {
  type BindingInfo,
  type FunctionCallback,
  type FunctionMetadata,
  type HookCallback,
  type ProgrammingModel,
  type Registrar,
  type RetryOptions,
  type RpcData,
  type RpcResponse,
  whileRegistering,
} from "./core-api.ts";

export type FunctionKind =
  | "http"
  | "timer"
  | "orchestration"
  | "activity"
  | "entity"
  | "unsupported";

/** A function as the host knows it: no code, so that it can live in another process. */
export interface RegisteredFunction {
  name: string;
  kind: FunctionKind;
  triggerName: string;
  trigger: BindingInfo;
  bindings: Record<string, BindingInfo>;
  retry: RetryOptions | null;
}

export interface InvocationRequest {
  invocationId: string;
  functionName: string;
  inputData: { name: string; data: RpcData }[];
  triggerMetadata?: Record<string, RpcData>;
  retryContext?: { retryCount: number; maxRetryCount: number; exception?: { message: string } };
}

export type InvocationOutcome =
  | { kind: "returned"; response: RpcResponse }
  | { kind: "threw"; message: string; stack: string };

export interface WorkerLog {
  level: string;
  category: string;
  functionName: string | null;
  invocationId: string | null;
  message: string;
}

/** A worker, here or in a process of its own. */
export interface Worker {
  readonly functions: readonly RegisteredFunction[];
  readonly processId: number;
  invoke(request: InvocationRequest): Promise<InvocationOutcome>;
  /** Ends it at once; invocations in flight are never answered. */
  end(): void;
  /** Asks the app to leave: runs the appTerminate hooks. */
  terminate(): Promise<void>;
}

/** What ends a worker, told to the owner of the app's ports. */
export type WorkerDeath = "crash" | "timeout" | "host-kill" | "host-stop";

interface Registered {
  metadata: FunctionMetadata;
  callback: FunctionCallback;
}

/** A worker in this process. */
export class LocalWorker implements Worker, Registrar {
  functions: RegisteredFunction[] = [];
  readonly processId = process.pid;
  private readonly byName = new Map<string, Registered>();
  private readonly hooks = new Map<string, HookCallback[]>();
  private readonly appHookData: Record<string, unknown> = {};
  private readonly onLog: (line: WorkerLog) => void;
  private model: ProgrammingModel | null = null;
  private alive = true;

  constructor(onLog: (line: WorkerLog) => void) {
    this.onLog = onLog;
  }

  /** Runs the app's registration, then its appStart hooks. */
  async load(register: () => void | Promise<void>): Promise<void> {
    await whileRegistering(this, register);
    this.functions = [...this.byName.values()].map(({ metadata }) => describe(metadata));
    for (const hook of this.hooks.get("appStart") ?? []) {
      await hook({ hookData: {}, appHookData: this.appHookData });
    }
  }

  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): void {
    const id = metadata.functionId ?? metadata.name;
    if (this.byName.has(id)) {
      throw new Error(`A function with id "${id}" has already been registered.`);
    }
    this.byName.set(id, { metadata: { ...metadata, functionId: id }, callback });
  }

  setProgrammingModel(model: ProgrammingModel): void {
    this.model = model;
  }

  addHook(name: string, callback: HookCallback): () => void {
    const list = this.hooks.get(name) ?? [];
    list.push(callback);
    this.hooks.set(name, list);
    return () => {
      const at = list.indexOf(callback);
      if (at >= 0) list.splice(at, 1);
    };
  }

  log(level: string, category: string, message: string): void {
    this.onLog({ level, category, functionName: null, invocationId: null, message });
  }

  async invoke(request: InvocationRequest): Promise<InvocationOutcome> {
    const outcome = await this.run(request);
    return this.alive ? outcome : new Promise<never>(() => undefined);
  }

  end(): void {
    this.alive = false;
  }

  async terminate(): Promise<void> {
    for (const hook of this.hooks.get("appTerminate") ?? []) {
      await hook({ hookData: {}, appHookData: this.appHookData });
    }
    this.alive = false;
  }

  private async run(request: InvocationRequest): Promise<InvocationOutcome> {
    const registered = this.byName.get(request.functionName);
    if (registered === undefined || this.model === null) {
      throw new Error(`Cannot invoke: no such function: ${request.functionName}`);
    }
    const state = { current: "preInvocationHooks" };
    try {
      const response = await this.runWithHooks(request, registered, this.model, state);
      return { kind: "returned", response };
    } catch (thrown) {
      const error = errorFrom(thrown);
      return { kind: "threw", message: error.message, stack: error.stack ?? "" };
    }
  }

  private async runWithHooks(
    request: InvocationRequest,
    { metadata, callback }: Registered,
    model: ProgrammingModel,
    state: { current: string },
  ): Promise<RpcResponse> {
    const invocation = model.getInvocationModel(this.coreContext(request, metadata, state));
    const { context, inputs } = await invocation.getArguments();
    const shared = { hookData: {}, appHookData: this.appHookData, invocationContext: context };
    const before = { ...shared, functionCallback: callback, inputs };
    for (const hook of this.hooks.get("preInvocation") ?? []) await hook(before);

    const after: Record<string, unknown> = {
      ...shared,
      inputs: before.inputs,
      result: null,
      error: null,
    };
    state.current = "invocation";
    try {
      after.result = await invocation.invokeFunction(
        context,
        before.inputs,
        before.functionCallback,
      );
    } catch (thrown) {
      after.error = errorFrom(thrown);
    }
    state.current = "postInvocationHooks";
    for (const hook of this.hooks.get("postInvocation") ?? []) await hook(after);
    if (after.error !== null && after.error !== undefined) throw after.error;
    return invocation.getResponse(context, after.result);
  }

  private coreContext(
    request: InvocationRequest,
    metadata: FunctionMetadata,
    state: { current: string },
  ): Record<string, unknown> {
    const { functionName, invocationId } = request;
    return {
      invocationId,
      request: {
        ...request,
        functionId: functionName,
        traceContext: { traceParent: "", traceState: "", attributes: {} },
      },
      metadata,
      get state() {
        return state.current;
      },
      log: (level: string, category: string, message: string) =>
        this.onLog({ level, category, functionName, invocationId, message }),
    };
  }
}

/** The worker turns whatever was thrown into an Error before it reports. */
function errorFrom(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  if (typeof thrown === "string") return new Error(thrown);
  if (typeof thrown === "object" && thrown !== null) {
    // An Error of another realm (a test runner's) still reads as one.
    if ("message" in thrown && "stack" in thrown) {
      const { message, stack } = thrown;
      return Object.assign(new Error(String(message)), { stack: String(stack) });
    }
    return new Error(JSON.stringify(thrown));
  }
  return new Error("Unknown error");
}

const KINDS: Record<string, FunctionKind> = {
  httptrigger: "http",
  timertrigger: "timer",
  orchestrationtrigger: "orchestration",
  activitytrigger: "activity",
  entitytrigger: "entity",
};

function describe(metadata: FunctionMetadata): RegisteredFunction {
  const found = Object.entries(metadata.bindings).find(([, b]) => /trigger$/i.test(b.type));
  if (found === undefined) throw new Error(`Cannot host: no trigger: ${metadata.name}`);
  const [triggerName, trigger] = found;
  return {
    name: metadata.name,
    kind: KINDS[trigger.type.toLowerCase()] ?? "unsupported",
    triggerName,
    trigger,
    bindings: metadata.bindings,
    retry: metadata.retryOptions ?? null,
  };
}
