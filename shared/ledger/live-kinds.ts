import { BLIPS } from "./blips.ts";
import { CLAIM } from "./claims.ts";
import { CONDITION } from "./conditions.ts";
import { FAILBACK } from "./failbacks.ts";
import { HEARTBEAT } from "./heartbeats.ts";
import { INCIDENT } from "./incidents.ts";
import { OVERRIDE } from "./overrides.ts";
import { KEY_PROOF, LOOKS, ROLE_CHANGE, WATCH } from "./own-view.ts";
import { PAUSE } from "./pauses.ts";
import { APPROVAL, ASK, NEWEST_CALL } from "./people.ts";
import type { RowType } from "./rows.ts";

/** Every kind of live row of a group: what the tick looks through for rows that nobody can read. */
export const GROUP_KINDS: readonly RowType<unknown>[] = [
  APPROVAL,
  ASK,
  BLIPS,
  CLAIM,
  CONDITION,
  FAILBACK,
  INCIDENT,
  KEY_PROOF,
  LOOKS,
  NEWEST_CALL,
  OVERRIDE,
  PAUSE,
  ROLE_CHANGE,
  WATCH,
];

/** Every kind of live row that concerns all groups. */
export const SITE_KINDS: readonly RowType<unknown>[] = [CONDITION, HEARTBEAT, PAUSE];
