import * as z from "zod";
import { Blips } from "../shared/domain/blips.ts";
import { Decision } from "../shared/domain/decision.ts";
import { Override, Pause } from "../shared/domain/person.ts";
import { Instant } from "../shared/domain/units.ts";

function Reading<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("read"), value }),
    z.object({ kind: z.literal("unknown"), because: z.string(), site: z.string() }),
  ]);
}

const IncidentStatus = z.object({
  id: z.string(),
  openedBy: z.string(),
  openedAt: Instant,
  closedAt: Instant.nullable(),
  end: z.string().nullable(),
  ...Decision.partial().shape,
});

const GroupStatus = z.object({
  group: z.string(),
  mode: z.string(),
  state: z.string(),
  primary: Reading(z.string().nullable()),
  incident: Reading(IncidentStatus.nullable()),
  failback: Reading(z.object({ decision: Decision.nullable() }).nullable()),
  pauses: z.array(Pause),
  overrides: z.array(Override),
  blips: Reading(Blips),
  live: Reading(Decision).optional(),
});
export type GroupStatus = z.infer<typeof GroupStatus>;

/** What `GET status/{group}` answers, as far as the commands read it. */
const StatusAnswer = z.object({ site: z.string(), at: Instant, groups: z.array(GroupStatus) });
export type StatusAnswer = z.infer<typeof StatusAnswer>;

export type StatusReading =
  | { readonly kind: "read"; readonly status: StatusAnswer }
  | { readonly kind: "refused"; readonly because: string };

/** Reads a status from its JSON text, or says why it is none. */
export function parseStatus(text: string): StatusReading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: "refused", because: "it is not JSON" };
  }
  const parsed = StatusAnswer.safeParse(json);
  if (parsed.success) return { kind: "read", status: parsed.data };
  const issue = parsed.error.issues[0];
  const at = issue?.path.join(".") ?? "";
  return { kind: "refused", because: `it is no status: ${at} ${issue?.message ?? ""}`.trim() };
}
