import type { Clock } from "../ports/clock.ts";
import type { Store } from "../ports/store.ts";

/** The rows of one group in the store of one site. */
export interface Book {
  readonly site: string;
  readonly group: string;
  readonly store: Store;
  readonly clock: Clock;
}
