import type { RpcData } from "./core-api.ts";
import type { RegisteredFunction } from "./worker.ts";

/** What the durable client bindings of a function are given. */
export function clientInputs(
  fn: RegisteredFunction,
  binding: string,
): { name: string; data: RpcData }[] {
  return Object.entries(fn.bindings).flatMap(([name, { type }]) =>
    /^(durableClient|orchestrationClient)$/i.test(type)
      ? [{ name, data: { string: binding } }]
      : [],
  );
}
