import * as z from "zod";

/** What is wrong. Codes are API: they are never renamed, only retired. */
export const Diagnosis = z.enum([
  "regional-loss",
  "instance-loss",
  "gray-writes",
  "gray-latency",
  "partial-loss",
  "key-denied",
  "key-unreachable",
  "path",
  "control-plane",
  "identity",
  "dns",
  "maintenance",
  "overload",
  "flapping",
  "trouble",
  "unclear",
  "none",
]);
export type Diagnosis = z.infer<typeof Diagnosis>;
