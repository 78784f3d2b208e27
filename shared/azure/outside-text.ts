import * as z from "zod";

/** No word, name, id or address of Azure comes near. */
const LENGTH_MAX = 2_000;

/** A text of the outside; null where there is none, or one that is longer than any. */
export const OutsideText = z.string().max(LENGTH_MAX).nullable().catch(null);
