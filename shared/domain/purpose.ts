import * as z from "zod";

/** Which way the roles are to move: away from a primary in trouble, or home. */
export const Purpose = z.enum(["fail-over", "fail-back"]);
export type Purpose = z.infer<typeof Purpose>;

/** What Azure is asked for: planned waits for the last transaction, forced does not. */
export const FailoverKind = z.enum(["planned", "forced"]);
export type FailoverKind = z.infer<typeof FailoverKind>;
