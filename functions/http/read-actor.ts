import type { HttpRequest } from "@azure/functions";
import type { Actor } from "../../shared/domain/person.ts";
import { plainText } from "./plain-text.ts";

/** How a person or a tool names itself in a body. */
export const ActorName = plainText(200);

/**
 * The actor of a call, always as claimed. The principal header proves somebody only behind the
 * platform's sign-in, which strips it from the outside; whether that is switched on cannot be seen
 * from a request, so the header is kept for the record (`principalOf`) and proves nothing.
 */
export function claimedActor(name: string): Actor {
  return { name, proof: "claimed" };
}

/** What the platform's sign-in says of the caller, if it is there; for the audit only. */
export function principalOf(request: HttpRequest): string | null {
  return request.headers.get("x-ms-client-principal-name")?.slice(0, 200) ?? null;
}
