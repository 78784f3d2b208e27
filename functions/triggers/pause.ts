import type { HttpResponseInit } from "@azure/functions";
import * as z from "zod";
import type { Pause } from "../../shared/domain/person.ts";
import { writePause } from "../../shared/ledger/people.ts";
import { writeToBooks } from "../../shared/ledger/write-to-books.ts";
import type { App } from "../app.ts";
import { HttpProblem } from "../http/http-problem.ts";
import { jsonAnswer } from "../http/json-answer.ts";
import { plainText } from "../http/plain-text.ts";
import { ActorName, principalOf } from "../http/read-actor.ts";
import { readBody } from "../http/read-json.ts";
import { type HttpCall, registerHttp } from "../http/register-http.ts";
import { writeAudit } from "../telling/write-audit.ts";
import { namedScope } from "./pause-scope.ts";

const PauseBody = z.strictObject({
  group: plainText(200).optional(),
  reason: plainText(1000),
  owner: ActorName,
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});

/** `POST pause`: one group, or all of them when none is named. It survives restarts. */
export function registerPause(app: App): void {
  registerHttp(app, { name: "http-pause", method: "POST", route: "pause", answer: answerPause });
}

async function answerPause({ app, request }: HttpCall): Promise<HttpResponseInit> {
  const body = await readBody(request, PauseBody);
  const scope = namedScope(app, body.group);
  const pausedAt = app.ports.clock.now();
  const pause: Pause = {
    scope: scope.name,
    reason: body.reason,
    owner: body.owner,
    pausedAt,
    expiresAt: body.expiresAt === undefined ? null : inFuture(body.expiresAt, pausedAt),
  };
  const written = await writeToBooks(scope.books, async (book) => {
    await writePause(book, pause);
    await writeAudit(app, book, {
      key: app.ports.newId(),
      ofAt: pausedAt,
      rule: null,
      receiptId: null,
      incidentId: null,
      action: "pause",
      actor: pause.owner,
      detail: { pause, principal: principalOf(request) },
    });
  });
  if (written.missingAt.length > 0) {
    throw new HttpProblem({
      status: 503,
      slug: "pause-incomplete",
      title: "Not every store has the pause",
      detail: `Cannot pause ${scope.name} for sure: missing at ${written.missingAt.join(", ")}; what is written pauses already; call again`,
      members: { ...written, scope: scope.name },
    });
  }
  return jsonAnswer(200, { pause, ...written });
}

function inFuture(text: string, now: number): number {
  const at = Date.parse(text);
  if (at > now) return at;
  throw new HttpProblem({
    status: 400,
    slug: "bad-body",
    title: "The body is not what it should be",
    detail: `Cannot pause until ${text}: that is over`,
    members: { errors: [{ at: "expiresAt", fault: "must be in the future" }] },
  });
}
