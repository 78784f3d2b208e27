import type { Advice, AdviceKind } from "../../domain/facts.ts";
import type { Instance } from "../../domain/group.ts";
import type { Clock } from "../../ports/clock.ts";
import type { InstanceKeys } from "../instances/instance-keys.ts";
import type { KeyProbe } from "../key-probe.ts";

/** An open incident asks every few seconds; a vault's answer does not change as often. */
const PROBE_EVERY_MS = 60_000;

/** How far this site gets on its own way to an instance's key: explains, decides nothing. */
export function createProbeAdvice(options: {
  readonly keys: Pick<InstanceKeys, "protector">;
  readonly probe: (keyUri: string) => Promise<KeyProbe>;
  readonly clock: Clock;
}): (instance: Instance) => Promise<readonly Advice[]> {
  const { keys, probe, clock } = options;
  const last = new Map<string, { readonly at: number; readonly found: Promise<KeyProbe | null> }>();

  async function ask(instance: Instance): Promise<KeyProbe | null> {
    const protector = await keys.protector(instance);
    // Without the key's address there is no way to walk, and Resource Manager's trouble is told elsewhere.
    return protector.kind === "customer-managed" ? probe(protector.keyUri) : null;
  }

  return async (instance) => {
    const key = instance.id.toLowerCase();
    const now = clock.now();
    let known = last.get(key);
    if (known === undefined || now - known.at >= PROBE_EVERY_MS || now < known.at) {
      known = { at: now, found: ask(instance) };
      last.set(key, known);
    }
    const found = await known.found;
    if (found === null) return [];
    const ageMs = Math.max(0, now - known.at);
    return [{ source: "key-vault-probe", kind: kindOf(found), said: sayProbe(found), ageMs }];
  };
}

function kindOf(probe: KeyProbe): AdviceKind {
  if (probe.kind === "reached") return "ok";
  return probe.definite ? "bad" : "unknown";
}

function sayProbe(probe: KeyProbe): string {
  if (probe.kind === "reached") return `reached, by a ${probe.address} address`;
  const { layer, code, definite, address } = probe;
  const where = address === "unknown" ? "" : `, by a ${address} address`;
  return `${definite ? "refused" : "unknown"} at ${layer}: ${code}${where}`;
}
