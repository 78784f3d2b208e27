import * as z from "zod";

/** One thing that was looked at after the roles had moved, as the audit keeps it. */
export const VerifyStep = z.object({
  step: z.enum(["role", "databases", "write", "listener", "old-primary"]),
  state: z.enum(["proven", "waiting", "failed", "skipped", "unknown"]),
  detail: z.string(),
});
export type VerifyStep = z.infer<typeof VerifyStep>;
