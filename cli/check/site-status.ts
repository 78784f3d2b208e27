import * as z from "zod";
import type { SendRequest } from "../../shared/azure/peers.ts";
import { Decision } from "../../shared/domain/decision.ts";
import { KeyPathState } from "../../shared/domain/facts.ts";
import type { Site } from "../../shared/domain/group.ts";
import { Sample } from "../../shared/domain/loss.ts";
import { Observation } from "../../shared/domain/observation.ts";
import { DurationMs } from "../../shared/domain/units.ts";

const NOT_TOLD = { kind: "unknown", because: "not-told" } as const;

function part<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("read"), value }),
    z.object({ kind: z.literal("unknown"), because: z.string() }),
  ]);
}

const GroupPart = z.object({
  group: z.string(),
  mode: z.string(),
  state: z.string(),
  primary: part(z.string().nullable()),
  lastLook: part(
    Observation.pick({ result: true, code: true }).extend({ ageMs: DurationMs }).nullable(),
  ),
  samples: part(z.array(Sample.omit({ measuredAt: true }).extend({ ageMs: DurationMs }))).default(
    NOT_TOLD,
  ),
  keyPath: part(KeyPathState).default(NOT_TOLD),
  live: part(Decision).default(NOT_TOLD),
});

const StatusBody = z.object({
  site: z.string(),
  product: z.string().nullable().default(null),
  lastTickAgeMs: DurationMs.nullable(),
  policyDigest: z.string(),
  groups: z.array(GroupPart).length(1),
});

export type GroupStatus = z.infer<typeof GroupPart>;

/** What a site says of itself and of one group. */
export type SiteStatus =
  | (Omit<z.infer<typeof StatusBody>, "groups"> & {
      readonly kind: "told";
      readonly group: GroupStatus;
    })
  | { readonly kind: "refused"; readonly status: number }
  | { readonly kind: "unreadable"; readonly because: string }
  | { readonly kind: "silent" };

/** Asks a site for its status; `live` makes it look and decide once, as each of its ticks does. */
export async function askSite(
  { send, keyOf }: { readonly send: SendRequest; keyOf(site: Site): string | null },
  site: Site,
  question: { readonly group: string; readonly live: boolean; readonly timeoutMs: number },
): Promise<SiteStatus> {
  const { group, live, timeoutMs } = question;
  const key = keyOf(site);
  const url = `${site.url}/api/status/${encodeURIComponent(group)}${live ? "?live=1" : ""}`;
  const headers: Record<string, string> = key === null ? {} : { "x-functions-key": key };
  const answer = await send({ method: "GET", url, headers, timeoutMs }).catch(() => null);
  if (answer === null) return { kind: "silent" };
  if (answer.status !== 200) return { kind: "refused", status: answer.status };
  return read(answer.text, site);
}

function read(text: string, site: Site): SiteStatus {
  const parsed = StatusBody.safeParse(jsonOf(text));
  if (!parsed.success) return { kind: "unreadable", because: "not a status of this product" };
  const { groups, ...rest } = parsed.data;
  const [group] = groups;
  if (rest.site !== site.name) return { kind: "unreadable", because: `it is site ${rest.site}` };
  if (group === undefined) return { kind: "unreadable", because: "it tells of no group" };
  return { kind: "told", ...rest, group };
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return null;
  }
}
