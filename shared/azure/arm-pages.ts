import type { Unread } from "../ports/unread.ts";
import type { ArmRequests } from "./arm-requests.ts";
import { hasError, isObject, parsedJson } from "./parsed-json.ts";
import { isOf } from "./poll-url.ts";
import { unread } from "./read-arm-error.ts";

const PAGES_MAX = 5;
/** Azure puts 200 records on a page of its log, fewer on any other: nothing that we list comes near. */
const ENTRIES_MAX = 1_000;

export type Pages =
  /** `complete` is false where more is said to follow that was not read, or the list has trouble in it. */
  | { readonly kind: "read"; readonly items: readonly unknown[]; readonly complete: boolean }
  | Unread;

/** Reads a list page by page. No page is begun after `beginUntilAt`. */
export async function readPages(
  arm: ArmRequests,
  first: { readonly subscriptionId: string; readonly url: string; readonly beginUntilAt: number },
): Promise<Pages> {
  const pages: (readonly unknown[])[] = [];
  const read = (complete: boolean): Pages => ({ kind: "read", items: pages.flat(), complete });
  let next: string | null = first.url;
  for (let page = 0; next !== null; page++) {
    const inTime = page === 0 || arm.clock.now() < first.beginUntilAt;
    if (page === PAGES_MAX || !inTime) return read(false);
    const answer = await arm.send({
      subscriptionId: first.subscriptionId,
      method: "GET",
      url: next,
      of: "list",
    });
    const body =
      answer.kind === "answered" && answer.status === 200 ? pageOf(answer.bodyText) : null;
    if (body !== null) {
      if (body.items.length > ENTRIES_MAX) return { kind: "unknown", because: "list-too-long" };
      pages.push(body.items);
      if (body.troubled) return read(false);
      next = body.next;
    } else if (page > 0) {
      return read(false);
    } else if (answer.kind === "answered" && answer.status === 200) {
      return { kind: "unknown", because: "not-a-list" };
    } else {
      return unread(answer);
    }
    // A token must not follow a link to anybody else's host.
    if (next !== null && !isOf(arm.endpoint, next)) {
      return read(false);
    }
  }
  return read(true);
}

interface Page {
  readonly items: readonly unknown[];
  readonly next: string | null;
  /** It says that something is wrong with it, or that more follows at what is no address. */
  readonly troubled: boolean;
}

function pageOf(text: string): Page | null {
  const body = parsedJson(text);
  if (!isObject(body) || !Array.isArray(body.value)) return null;
  const { nextLink = null } = body;
  const next = typeof nextLink === "string" && nextLink !== "" ? nextLink : null;
  const troubled = hasError(body) || (nextLink !== null && typeof nextLink !== "string");
  return { items: body.value, next, troubled };
}
