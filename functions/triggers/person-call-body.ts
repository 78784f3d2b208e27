import type { HttpRequest } from "@azure/functions";
import * as z from "zod";
import { GuardId } from "../../shared/domain/guard.ts";
import { FailoverKind } from "../../shared/domain/purpose.ts";
import { HttpProblem } from "../http/http-problem.ts";
import { plainText } from "../http/plain-text.ts";
import { ActorName } from "../http/read-actor.ts";

const IdempotencyKey = plainText(200);

/** What a person or their tooling sends to fail a group over or back. */
export const PersonCallBody = z.strictObject({
  kind: FailoverKind,
  accepts: z.array(GuardId).max(30).default([]),
  reason: plainText(1000),
  actor: ActorName,
  idempotencyKey: IdempotencyKey.optional(),
});
type PersonCallBody = z.infer<typeof PersonCallBody>;

/** The key from body or header; null where neither has one. Two that differ are a mistake. */
export function idempotencyKeyOf(request: HttpRequest, body: PersonCallBody): string | null {
  const header = request.headers.get("idempotency-key");
  if (header === null) return body.idempotencyKey ?? null;
  const parsed = IdempotencyKey.safeParse(header);
  if (!parsed.success || (body.idempotencyKey ?? parsed.data) !== parsed.data) {
    throw new HttpProblem({
      status: 400,
      slug: "bad-idempotency-key",
      title: "The idempotency key is not clear",
      detail: parsed.success
        ? "Cannot tell the call: header Idempotency-Key and idempotencyKey in the body differ"
        : "Cannot read the header Idempotency-Key: it is empty, longer than 200 characters, or not one line of plain text",
    });
  }
  return parsed.data;
}
