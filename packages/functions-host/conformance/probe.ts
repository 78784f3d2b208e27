import type { Bench } from "./bench.ts";
import type { Json } from "./json.ts";

/** What one probe saw, in the form in which the recorded answers are kept. */
export interface Answer {
  observed: Json;
  details?: Json;
}

/** Puts one question to the host and answers under one or more probe ids. */
export type Probe = (bench: Bench) => Promise<Readonly<Record<string, Answer>>>;
