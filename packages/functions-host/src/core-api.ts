// The stand-in for `@azure/functions-core`, the module the Functions worker provides at run time.
//
// P1. `@azure/functions` keeps what it got at its first registration for good, so there is one stable
//     facade per process; it passes every call on to the worker that is loading at that moment.
// P2. Outside a load nothing can be registered: the facade answers as the real worker does.

import { createRequire, Module } from "node:module";

export interface BindingInfo {
  type: string;
  direction?: string;
  name?: string;
  [property: string]: unknown;
}

export interface FunctionMetadata {
  name: string;
  functionId?: string;
  bindings: Record<string, BindingInfo>;
  retryOptions?: RetryOptions;
}

export interface RetryOptions {
  retryStrategy?: string;
  maxRetryCount?: number;
  delayInterval?: { seconds: number };
  minimumInterval?: { seconds: number };
  maximumInterval?: { seconds: number };
}

export type FunctionCallback = (...args: unknown[]) => unknown;
export type HookCallback = (context: Record<string, unknown>) => unknown;

/** The programming model that `@azure/functions` hands over; its methods speak the worker's RPC forms. */
export interface ProgrammingModel {
  getInvocationModel(coreContext: Record<string, unknown>): InvocationModel;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

interface InvocationModel {
  getArguments(): Promise<{ context: Record<string, unknown>; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<RpcResponse>;
}

export interface RpcResponse {
  outputData?: { name: string; data: RpcData }[];
  returnValue?: RpcData | null;
}

/** One value on the wire between host and worker: exactly one member is present. */
export interface RpcData {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  int?: number;
  double?: number;
  http?: RpcHttp;
}

export interface RpcHttp {
  method?: string;
  url?: string;
  statusCode?: string;
  headers?: Record<string, string>;
  cookies?: RpcCookie[];
  nullableHeaders?: Record<string, { value: string }>;
  nullableQuery?: Record<string, { value: string }>;
  nullableParams?: Record<string, { value: string }>;
  body?: RpcData | null;
}

export interface RpcCookie {
  name?: string;
  value?: string;
  domain?: { value: string };
  path?: { value: string };
  expires?: { value: { seconds: number } | Date | number };
  secure?: { value: boolean };
  httpOnly?: { value: boolean };
  sameSite?: string;
  maxAge?: { value: number };
}

/** What the facade needs of a worker while that worker loads its app. */
export interface Registrar {
  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): void;
  setProgrammingModel(model: ProgrammingModel): void;
  addHook(name: string, callback: HookCallback): () => void;
  log(level: string, category: string, message: string): void;
}

const HOOKS = ["appStart", "appTerminate", "preInvocation", "postInvocation", "log"];
const LATE = "A function can only be registered during app startup.";

let current: Registrar | null = null;
let lastModel: ProgrammingModel | null = null;
let installed = false;

class Disposable {
  private readonly undo: () => void;

  constructor(undo: () => void) {
    this.undo = undo;
  }

  static from(...parts: { dispose(): void }[]): Disposable {
    return new Disposable(() => {
      for (const part of parts) part.dispose();
    });
  }

  dispose(): void {
    this.undo();
  }
}

/** Named as the worker names its own errors: the library asks for this flag. */
function systemError(message: string, name = "Error"): Error {
  return Object.assign(new Error(message), { name, isAzureFunctionsSystemError: true });
}

const facade = {
  version: "3.10.1",
  get hostVersion(): string {
    return "4.1037.0.0";
  },
  Disposable,
  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
    if (current === null) throw systemError(LATE);
    current.registerFunction(metadata, callback);
    return new Disposable(() => undefined);
  },
  setProgrammingModel(model: ProgrammingModel): void {
    lastModel = model;
    current?.setProgrammingModel(model);
  },
  getProgrammingModel(): ProgrammingModel | null {
    return lastModel;
  },
  registerHook(name: string, callback: HookCallback): Disposable {
    if (!HOOKS.includes(name)) throw systemError(`Unrecognized hook "${name}"`, "RangeError");
    return new Disposable(current?.addHook(name, callback) ?? (() => undefined));
  },
  log(level: string, category: string, message: string): void {
    // The library says so synchronously in app.setup(), before it opens a server of its own.
    if (category === "system" && message === "HTTP streaming enabled.") {
      throw new Error("Cannot run the app: this host has no support for: enableHttpStream");
    }
    current?.log(level, category, message);
  },
};

type Load = (this: unknown, request: string, ...rest: unknown[]) => unknown;

/** Answers `require("@azure/functions-core")` with the facade, for every module of this process. */
function installCoreApi(): void {
  if (installed) return;
  installed = true;
  const holder: { _load: Load } = Module as typeof Module & { _load: Load };
  const load = holder._load;
  holder._load = function (request, ...rest) {
    return request === "@azure/functions-core" ? facade : load.call(this, request, ...rest);
  };
}

/** Lets one worker be the one that registers, while `work` runs. Loads never overlap. */
export async function whileRegistering(
  worker: Registrar,
  work: () => void | Promise<void>,
): Promise<void> {
  while (queue !== null) await queue;
  installCoreApi();
  current = worker;
  if (lastModel !== null) worker.setProgrammingModel(lastModel);
  let release = (): void => undefined;
  queue = new Promise((resolve) => {
    release = resolve;
  });
  try {
    await work();
  } finally {
    current = null;
    queue = null;
    release();
  }
}

let queue: Promise<void> | null = null;

/** Resolves modules as `from` would. */
export function requireFrom(from: string): NodeJS.Require {
  return createRequire(from);
}
