import type { HttpHeaders } from "@azure/core-rest-pipeline";

/** The URL to poll, exactly as given, or null where there is none of Resource Manager's own. */
export function signedUrl(headers: HttpHeaders, endpoint: string): string | null {
  const given = [headers.get("azure-asyncoperation"), headers.get("location")].map(firstOf);
  return given.find((url) => isOf(endpoint, url)) ?? null;
}

/** A header that comes twice is joined by commas. An address may have a comma of its own. */
function firstOf(header: string | undefined): string {
  const [first = ""] = (header ?? "").split(/,\s{0,9}(?=https?:\/\/)/i);
  return first.trim();
}

/** Whether our token may go there. A URL of any other origin is never followed. */
export function isOf(endpoint: string, url: string): boolean {
  // `https://host/`: no user name that looks like a host, no backslashes that a parser would turn round.
  const plain = /^https:\/\/[\w.:-]+\//i.test(url) && URL.canParse(url);
  return plain && new URL(url).origin === new URL(endpoint).origin;
}

/** Result URLs answer with the thing itself when done; operation URLs answer with a status. */
export function isResultUrl(url: string): boolean {
  return /operationresults/i.test(new URL(url).pathname);
}
