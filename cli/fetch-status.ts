import { createFunctionKeys } from "../shared/azure/function-keys.ts";
import { createHttpSend } from "../shared/azure/http-send.ts";
import { createWallClock } from "../shared/azure/wall-clock.ts";
import type { Site } from "../shared/domain/group.ts";
import type { Given } from "./command.ts";
import { parseStatus, type StatusReading } from "./status-answer.ts";

/** A live status looks first, and a look at a lost primary takes its time. */
const STATUS_MS = 45_000;

/** What one site says of a group, with the name of the site. */
export type SiteStatus = StatusReading & { readonly site: string };

/**
 * Asks sites how a group is, all at once. Their function keys come from `GEO_FAILOVER_KEY_<SITE>`.
 * With `live` each of them looks and decides now as well.
 */
export function fetchStatus(
  sites: readonly Site[],
  group: string,
  { env, live }: Pick<Given, "env"> & { readonly live: boolean },
): Promise<readonly SiteStatus[]> {
  const send = createHttpSend({ clock: createWallClock() });
  const keyOf = createFunctionKeys(env);
  return Promise.all(
    sites.map(async (site): Promise<SiteStatus> => {
      const key = keyOf(site);
      const headers = key === null ? {} : { "x-functions-key": key };
      const path = `/api/status/${encodeURIComponent(group)}${live ? "?live=1" : ""}`;
      try {
        const request = { method: "GET" as const, headers, timeoutMs: STATUS_MS };
        const { status, text } = await send({ ...request, url: `${site.url}${path}` });
        if (status === 200) return { ...parseStatus(text), site: site.name };
        return { kind: "refused", because: refusalOf(status), site: site.name };
      } catch {
        return { kind: "refused", because: "no answer", site: site.name };
      }
    }),
  );
}

function refusalOf(status: number): string {
  return status === 401 || status === 403
    ? `HTTP ${status}: put its function key into GEO_FAILOVER_KEY_<SITE>`
    : `HTTP ${status}`;
}
