import * as z from "zod";
import { instantIn } from "../../domain/units.ts";
import type { OperationReading } from "../../ports/instances.ts";
import type { Pages } from "../arm-pages.ts";
import { OutsideText } from "../outside-text.ts";
import { azureWord } from "../presentable.ts";
import { operationKind } from "./operation-kind.ts";

const Size = z.record(z.string(), z.unknown()).nullable().catch(null);
const Operation = z.object({
  properties: z.object({
    operation: OutsideText,
    operationFriendlyName: OutsideText,
    state: OutsideText,
    startTime: OutsideText,
    operationParameters: z.object({ currentParameters: Size, requestedParameters: Size }).catch({
      currentParameters: null,
      requestedParameters: null,
    }),
  }),
});
type Operation = z.infer<typeof Operation>["properties"];

const ENDED: ReadonlySet<string> = new Set(["succeeded", "failed", "cancelled", "canceled"]);
const RUNNING: ReadonlySet<string> = new Set(["pending", "inprogress", "cancelinprogress"]);
/** Our own question to the instance, should it ever be listed: it disturbs nothing. */
const OUR_CHECK = /validateAzureKeyVaultEncryptionKey/i;

/** Whether something runs on the instance, as far as its list of operations was read. What nobody knows may run. */
export function operationReading(pages: Pages): OperationReading {
  if (pages.kind === "unknown") return pages;
  let unclear: OperationReading | null = null;
  for (const item of pages.items) {
    const operation = Operation.safeParse(item);
    if (!operation.success) {
      unclear ??= { kind: "running", what: "other", said: "not-an-operation", startedAt: null };
      continue;
    }
    const { operation: name, state } = operation.data.properties;
    if (OUR_CHECK.test(name ?? "")) continue;
    const word = (state ?? "").toLowerCase();
    if (RUNNING.has(word)) return running(operation.data.properties);
    if (ENDED.has(word)) continue;
    const known = running(operation.data.properties);
    unclear ??= { ...known, said: `${known.said} (${azureWord(state) ?? "no word"})` };
  }
  if (unclear !== null) return unclear;
  return pages.complete ? { kind: "none" } : { kind: "unknown", because: "list-incomplete" };
}

function running(properties: Operation): Extract<OperationReading, { kind: "running" }> {
  const { operation, operationFriendlyName, startTime, operationParameters } = properties;
  const { currentParameters: now, requestedParameters: then } = operationParameters;
  return {
    kind: "running",
    what: operationKind({
      operation: operation ?? "",
      friendlyName: operationFriendlyName ?? "",
      resizes: ["family", "tier", "vCores", "storageSizeInGB"].some(
        (size) => now !== null && then !== null && now[size] !== then[size],
      ),
    }),
    said: azureWord(operation) ?? azureWord(operationFriendlyName) ?? "unnamed",
    startedAt: instantIn(startTime),
  };
}
