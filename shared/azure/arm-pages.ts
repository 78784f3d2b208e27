import type { ArmRequests } from "./arm-requests.ts";
import { parsedJson } from "./parsed-json.ts";
import { isOf } from "./poll-url.ts";
import { readArmError, unreadable } from "./read-arm-error.ts";

const PAGES_MAX = 5;

export type Pages =
  /** `complete` is false where more pages are said to follow that were not read. */
  | { readonly kind: "read"; readonly items: readonly unknown[]; readonly complete: boolean }
  | { readonly kind: "unknown"; readonly because: string };

/** Reads a list page by page. No page is begun after `beginUntilAt`. */
export async function readPages(
  arm: ArmRequests,
  first: { readonly subscriptionId: string; readonly url: string; readonly beginUntilAt: number },
): Promise<Pages> {
  const items: unknown[] = [];
  let next: string | null = first.url;
  for (let page = 0; next !== null; page++) {
    const inTime = page === 0 || arm.clock.now() < first.beginUntilAt;
    if (page === PAGES_MAX || !inTime) return { kind: "read", items, complete: false };
    const answer = await arm.send({
      subscriptionId: first.subscriptionId,
      method: "GET",
      url: next,
    });
    const body =
      answer.kind === "answered" && answer.status === 200 ? pageOf(answer.bodyText) : null;
    if (body !== null) {
      items.push(...body.items);
      next = body.next;
    } else if (page > 0) {
      return { kind: "read", items, complete: false };
    } else if (answer.kind !== "answered") {
      return { kind: "unknown", because: answer.because };
    } else if (answer.status === 200) {
      return { kind: "unknown", because: "not-a-list" };
    } else {
      return { kind: "unknown", because: unreadable(answer.status, readArmError(answer).code) };
    }
    // A token must not follow a link to anybody else's host.
    if (next !== null && !isOf(arm.endpoint, next)) {
      return { kind: "read", items, complete: false };
    }
  }
  return { kind: "read", items, complete: true };
}

function pageOf(text: string): { items: readonly unknown[]; next: string | null } | null {
  const body = parsedJson(text);
  if (typeof body !== "object" || body === null || !("value" in body)) return null;
  if (!Array.isArray(body.value)) return null;
  const next = "nextLink" in body && typeof body.nextLink === "string" ? body.nextLink : "";
  return { items: body.value, next: next === "" ? null : next };
}
