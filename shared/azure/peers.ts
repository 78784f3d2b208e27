import type { Site } from "../domain/group.ts";
import {
  LOOKS_TOLD_MAX,
  TOLD_MS,
  type TravellingObservation,
  TravellingReport,
} from "../domain/travelling.ts";
import type { PeerReport, Peers } from "../ports/peers.ts";
import type { AnswerKind } from "./answer-sizes.ts";

/** Sends one request and gives up by itself after `timeoutMs`. Throws when there is no answer. */
export type SendRequest = (request: {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly of?: AnswerKind;
}) => Promise<{ readonly status: number; readonly text: string }>;

/**
 * The other sites over HTTP. A site speaks for itself alone: a report must bear its name, and whose look
 * it is and from where is written here, from the configuration. `keyOf` gives the function key that
 * a site wants to see.
 */
export function createPeers(options: {
  readonly send: SendRequest;
  keyOf(site: Site): string | null;
}): Peers {
  const headersFor = (site: Site): Record<string, string> => {
    const key = options.keyOf(site);
    return key === null ? {} : { "x-functions-key": key };
  };
  return {
    observe: async (site, group, timeoutMs) => {
      const url = `${site.url}/api/observations/${encodeURIComponent(group)}`;
      const request = { method: "GET" as const, url, headers: headersFor(site), timeoutMs };
      return options.send(request).then(
        (answer) => readReport(site, answer),
        () => unheard("no-answer"),
      );
    },
    tick: async (site, timeoutMs) => {
      const url = `${site.url}/api/tick`;
      const request = { method: "POST" as const, url, headers: headersFor(site), timeoutMs };
      const answer = await options.send({ ...request, of: "status-only" }).catch(() => null);
      return answer !== null && answer.status < 300 ? "ok" : "failed";
    },
  };
}

function readReport(
  site: Site,
  answer: { readonly status: number; readonly text: string },
): PeerReport {
  if (answer.status !== 200) return unheard(`http-${answer.status}`);
  let body: unknown;
  try {
    body = JSON.parse(answer.text);
  } catch {
    return unheard("not-json");
  }
  const report = TravellingReport.safeParse(body);
  // A site of another release may see the world in other words: it is unheard, not misheard.
  if (!report.success) return unheard("unreadable-report");
  const { looks, tallies, secondary, lastTickAgeMs } = report.data;
  if (report.data.site !== site.name) return unheard("another-site");
  return { kind: "heard", looks: ownLooks(site, looks), tallies, secondary, lastTickAgeMs };
}

/** Its newest looks, oldest first, under its own name. */
function ownLooks(
  { name: vantage, region }: Site,
  looks: readonly TravellingObservation[],
): readonly TravellingObservation[] {
  return looks
    .filter(({ endedAgeMs }) => endedAgeMs < TOLD_MS)
    .toSorted((a, b) => b.startedAgeMs - a.startedAgeMs)
    .slice(-LOOKS_TOLD_MAX)
    .map((seen) => ({ ...seen, vantage, region }));
}

function unheard(because: string): PeerReport {
  return { kind: "unheard", because };
}
