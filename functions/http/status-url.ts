import type { HttpRequest } from "@azure/functions";

/** Where to read how the group is, beside the function that was called; without the caller's key. */
export function statusUrl(request: HttpRequest, group: string): string {
  const called = new URL(request.url);
  const root = /^.*\/(?=(?:failover|failback|approve|deny)(?:\/|$))/i.exec(called.pathname)?.[0];
  return new URL(`${root ?? "/api/"}status/${encodeURIComponent(group)}`, called.origin).href;
}
