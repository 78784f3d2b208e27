import * as z from "zod";
import type { InaccessibleReading } from "../../ports/instances.ts";
import type { Pages } from "../arm-pages.ts";
import { keyCodeMeans } from "../key-path/key-codes.ts";
import { OutsideText } from "../outside-text.ts";
import { presentable } from "../presentable.ts";

const NO_REASON = { inaccessibilityReasonKind: null, inaccessibilityReasonErrorCode: null };
const Database = z.object({
  name: OutsideText,
  properties: z.object({
    status: OutsideText,
    extendedAccessibilityInfo: z
      .object({
        inaccessibilityReasonKind: OutsideText,
        inaccessibilityReasonErrorCode: OutsideText,
      })
      .catch(NO_REASON),
  }),
});
type Database = z.infer<typeof Database>;

/** The databases of an instance that do not open. A list that was not read to its end is unknown. */
export function inaccessibleReading(pages: Pages): InaccessibleReading {
  if (pages.kind === "unknown") return pages;
  if (!pages.complete) return { kind: "unknown", because: "list-incomplete" };
  const databases: { name: string; reason: "key-denied" | "key-unreachable" | "other" }[] = [];
  for (const item of pages.items) {
    const database = Database.safeParse(item);
    if (!database.success) return { kind: "unknown", because: "not-a-database" };
    const { name, properties } = database.data;
    if ((properties.status ?? "Inaccessible").toLowerCase() !== "inaccessible") continue;
    databases.push({ name: presentable(name ?? "unnamed"), reason: reasonOf(database.data) });
  }
  return { kind: "read", databases };
}

function reasonOf({
  properties: { extendedAccessibilityInfo: why },
}: Database): "key-denied" | "key-unreachable" | "other" {
  if (why.inaccessibilityReasonKind?.toLowerCase() !== "transparentdataencryption") return "other";
  // An unreachable vault leaves databases open for a day on their cached keys; a refusal closes them at
  // once. So a code that tells nothing (the documented example says "1") is taken for a refusal.
  const means = keyCodeMeans(why.inaccessibilityReasonErrorCode);
  return means === "unreached" ? "key-unreachable" : "key-denied";
}
