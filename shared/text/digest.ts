import { createHash } from "node:crypto";

/** sha-256 in hex: a name of fixed length for something long or secret. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
