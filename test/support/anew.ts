// An app that remembers nothing: every invocation is one of a copy that has just been loaded.

import { createRequire } from "node:module";
import { Script } from "node:vm";
import { build } from "esbuild";
import { type FunctionCallback, type Registrar, whileRegistering } from "functions-host/core-api";
import { ORCHESTRATION } from "../../orchestrations/contracts.ts";
import type { RegisterSite } from "../../simulator/site-app.ts";

const ROOT = new URL("../../", import.meta.url);
const ours = createRequire(import.meta.url);

/**
 * Compiles the app of a site. Each call of what is returned evaluates all of our modules anew, as in a
 * process that has just started; only packages are shared.
 */
export async function compileSite(): Promise<() => RegisterSite> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT.pathname,
    entryPoints: ["simulator/site-app.ts"],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    packages: "external",
  });
  const [file] = outputFiles;
  const script = new Script(`(function (require, module) { ${file?.text}\n})`);
  return () => {
    const module: { exports: { registerSite?: RegisterSite } } = { exports: {} };
    script.runInThisContext()(ours, module);
    const { registerSite } = module.exports;
    if (registerSite === undefined) throw new Error("Cannot load the app: nothing is exported");
    return registerSite;
  };
}

interface Invocation {
  functionCallback: FunctionCallback;
  readonly invocationContext: { readonly functionName: string };
}

const ORCHESTRATORS: readonly string[] = Object.values(ORCHESTRATION);

/**
 * Registers the app so that each trigger and activity that the host calls is called in a copy loaded for that
 * call alone. Orchestrators are not: they start from the top at every turn, and the host's lint looks after them.
 */
export function eachCallAnew(
  loadAnew: () => RegisterSite,
  onCall: (name: string) => void,
): RegisterSite {
  return (config, portsOf) => {
    // Ids come from outside a process; so must those of copies that all begin to count at one.
    let newId: (() => string) | null = null;
    const registerCopy = (): void =>
      loadAnew()(config, (create) => {
        const ports = portsOf(create);
        newId ??= ports.newId;
        return { ...ports, newId };
      });
    registerCopy();
    const core = ours("@azure/functions-core");
    core.registerHook("preInvocation", async (invocation: Invocation) => {
      const { functionName } = invocation.invocationContext;
      if (ORCHESTRATORS.includes(functionName)) return;
      const copy = await callbacksOf(registerCopy);
      const callback = copy.get(functionName);
      if (callback === undefined) throw new Error(`Cannot call: not registered: ${functionName}`);
      onCall(functionName);
      invocation.functionCallback = callback;
    });
  };
}

async function callbacksOf(work: () => void): Promise<ReadonlyMap<string, FunctionCallback>> {
  const callbacks = new Map<string, FunctionCallback>();
  const registrar: Registrar = {
    registerFunction: ({ name }, callback) => void callbacks.set(name, callback),
    setProgrammingModel: () => undefined,
    addHook: () => () => undefined,
    log: () => undefined,
  };
  await whileRegistering(registrar, work);
  return callbacks;
}
