// The process in which a Functions app is loaded and invoked, on behalf of a host in another process.

import { Module, register } from "node:module";
import { pathToFileURL } from "node:url";
import { requireFrom } from "./core-api.ts";
import { findEntryFiles } from "./entry-files.ts";
import { unawaited } from "./unawaited.ts";
import { LocalWorker } from "./worker.ts";
import type { FromChild, ToChild } from "./worker-process.ts";

// Stacks must read as the app wrote them: the loader of this file would map those of the libraries.
process.setSourceMapsEnabled(false);

const worker = new LocalWorker((line) => send({ kind: "log", line }));

process.on("message", (message: ToChild) => unawaited(handle(message), die));
process.on("disconnect", () => process.exit(0));
// As the real worker does: a listener of the app's own does not save the process.
process.on("uncaughtException", die);

function die(because: unknown): void {
  console.error(because);
  process.exit(1);
}

async function handle(message: ToChild): Promise<void> {
  switch (message.kind) {
    case "load":
      send(await load(message.path));
      return;
    case "invoke": {
      const { invocationId } = message.request;
      send({ kind: "outcome", invocationId, outcome: await worker.invoke(message.request) });
      return;
    }
    case "terminate":
      await worker.terminate();
      process.exit(0);
      return;
    case "exit":
      process.exit(0);
      return;
    default:
      message satisfies never;
  }
}

async function load(appFolder: string): Promise<FromChild> {
  try {
    provideModules();
    const { files, modules } = await findEntryFiles(appFolder);
    await worker.load(async () => {
      for (const file of files) await loadFile(file, modules);
    });
    return { kind: "loaded", functions: worker.functions };
  } catch (thrown) {
    const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { kind: "not-loaded", message: text };
  }
}

async function loadFile(file: string, modules: boolean): Promise<void> {
  if (file.endsWith(".mjs") || (modules && !file.endsWith(".cjs"))) {
    await import(pathToFileURL(file).href);
  } else {
    requireFrom(file)(file);
  }
}

type ResolveFilename = (this: unknown, request: string, ...rest: unknown[]) => string;

/** An app without its own packages gets those of this project. */
function provideModules(): void {
  const ours = requireFrom(import.meta.url);
  const holder = Module as typeof Module & { _resolveFilename: ResolveFilename };
  const resolve = holder._resolveFilename;
  holder._resolveFilename = function (request, ...rest) {
    try {
      return resolve.call(this, request, ...rest);
    } catch (error) {
      if (/^[./]|^node:/.test(request)) throw error;
      return ours.resolve(request);
    }
  };
  register(`data:text/javascript,${encodeURIComponent(RESOLVE_HOOK)}`, {
    data: { fallback: import.meta.url },
    parentURL: import.meta.url,
  });
}

// Hooks for ESM run in a thread of their own, hence as text.
const RESOLVE_HOOK = `
let fallback;
export function initialize(data) { fallback = data.fallback; }
export async function resolve(specifier, context, next) {
  try { return await next(specifier, context); }
  catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND" || /^[./]|^[a-z]+:/.test(specifier)) throw error;
    return next(specifier, { ...context, parentURL: fallback });
  }
}`;

function send(message: FromChild): void {
  process.send?.(message);
}
