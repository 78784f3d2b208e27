import { BLIP_EDGES_MS } from "../shared/domain/blips.ts";
import { sayMs } from "../shared/text/say-time.ts";
import { DAYS, type Proposal, type SiteBlips, summarise } from "./advise-settings.ts";
import { alignColumns } from "./align-columns.ts";

/** Advice for a person, with the histogram that it comes from. */
export function renderAdvice(
  group: string,
  proposals: readonly Proposal[],
  sites: readonly SiteBlips[],
  now: number,
): string {
  const rows = proposals.map(({ setting, nowMs, proposedMs, because }) => [
    setting,
    sayMs(nowMs),
    proposedMs === null ? "unknown" : sayMs(proposedMs),
    verdict(nowMs, proposedMs),
    because,
  ]);
  return [
    `${group}: settings that fit what was seen in the last ${DAYS} days`,
    ...indent(alignColumns([["setting", "now", "fits", "", "because"], ...rows])),
    "",
    "Blips that ended by themselves (without an answer / not served)",
    ...indent(histogram(sites, now)),
    "",
  ].join("\n");
}

function verdict(nowMs: number, proposedMs: number | null): string {
  if (proposedMs === null || proposedMs === nowMs) return proposedMs === null ? "" : "keep";
  return proposedMs > nowMs ? "raise" : "may be lowered";
}

function histogram(sites: readonly SiteBlips[], now: number): readonly string[] {
  const columns = sites.map(({ site, blips }) => summarise(site, blips, now));
  const counts = (i: number): readonly string[] =>
    columns.map(({ silent, gray }) => `${silent.counts[i] ?? 0} / ${gray.counts[i] ?? 0}`);
  const last = BLIP_EDGES_MS.at(-1) ?? 0;
  return alignColumns([
    ["length", ...columns.map(({ site }) => site)],
    ...BLIP_EDGES_MS.map((edge, i) => [`up to ${sayMs(edge)}`, ...counts(i)]),
    [`over ${sayMs(last)}`, ...counts(BLIP_EDGES_MS.length)],
    ["days watched", ...columns.map(({ days }) => String(days))],
  ]);
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
