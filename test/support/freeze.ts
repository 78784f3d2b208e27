import type { Window } from "../../shared/domain/policy.ts";
import { HOUR } from "./facts.ts";

/** Open at the noon of the facts, which is a Thursday's. */
export const WINDOW_OPEN_NOW: Window = { schedule: "0 12 * * THU", forMs: HOUR, timezone: "UTC" };

/** Closed then. */
export const WINDOW_CLOSED_NOW: Window = { schedule: "0 0 * * SAT", forMs: HOUR, timezone: "UTC" };
