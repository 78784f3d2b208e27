import * as z from "zod";
import { Receipt } from "./receipt.ts";

// Reads a receipt that somebody hands us: from a file, an export, another release.
//
// P1. A version that this release does not know is refused: half of it may mean something else.
// P2. Nothing in it is passed over: a field that this release does not know may be the very one that
//     the decision turned on, so the whole receipt is refused.

export type ReadReceipt =
  | { readonly kind: "read"; readonly receipt: Receipt }
  | { readonly kind: "refused"; readonly because: string };

/** The versions that this release reads, by kind of receipt. */
const KNOWN: Readonly<Record<Receipt["kind"], readonly number[]>> = {
  decision: [1],
  failover: [1],
};

const Header = z.object({ kind: z.enum(["decision", "failover"]), version: z.number().int() });

/** Reads a receipt from JSON that was parsed already, or says why it is none that can be trusted. */
export function parseReceipt(json: unknown): ReadReceipt {
  const header = Header.safeParse(json);
  if (!header.success) return refused(`it is no receipt: ${firstIssue(header.error)}`);
  const { kind, version } = header.data;
  if (!KNOWN[kind].includes(version)) {
    return refused(
      `it is a ${kind} receipt of version ${version}, and this release reads ${KNOWN[kind].join(" and ")}: use the release that wrote it, or a newer one`,
    );
  }
  const parsed = Receipt.safeParse(json);
  if (!parsed.success) return refused(`it is no sound receipt: ${firstIssue(parsed.error)}`);
  const dropped = firstDropped(json, parsed.data, "");
  if (dropped !== null) {
    return refused(
      `this release does not know the field ${dropped}: use the release that wrote it, or a newer one`,
    );
  }
  return { kind: "read", receipt: parsed.data };
}

function refused(because: string): ReadReceipt {
  return { kind: "refused", because };
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const at = issue?.path.join(".") ?? "";
  const message = issue?.message ?? "it is not what it should be";
  return at === "" ? message : `${at}: ${message}`;
}

/** The first field that was there and is not any more; null when all of it was understood. */
function firstDropped(raw: unknown, kept: unknown, at: string): string | null {
  if (typeof raw !== "object" || raw === null) return null;
  if (typeof kept !== "object" || kept === null) return at;
  const known = new Map(Object.entries(kept));
  for (const [key, value] of Object.entries(raw)) {
    const path = at === "" ? key : `${at}.${key}`;
    if (!known.has(key)) return path;
    const deeper = firstDropped(value, known.get(key), path);
    if (deeper !== null) return deeper;
  }
  return null;
}
