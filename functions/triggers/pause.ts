import type { HttpResponseInit } from "@azure/functions";
import * as z from "zod";
import type { Pause } from "../../shared/domain/person.ts";
import { instantIn } from "../../shared/domain/units.ts";
import type { App } from "../app.ts";
import { HttpProblem } from "../http/http-problem.ts";
import { jsonAnswer } from "../http/json-answer.ts";
import { plainText } from "../http/plain-text.ts";
import { ActorName, principalOf } from "../http/read-actor.ts";
import { readBody } from "../http/read-json.ts";
import { type HttpCall, registerHttp } from "../http/register-http.ts";
import { type TakenPause, takePause } from "../keeping/take-pause.ts";
import { namedScope } from "./pause-scope.ts";

const PauseBody = z.strictObject({
  group: plainText(200).optional(),
  reason: plainText(1000),
  owner: ActorName,
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});

/**
 * `POST pause`: one group, or all of them when none is named. It survives restarts. 200 proves that nothing
 * is sent any more; 202 says where that is not certain, and what is out.
 */
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
  const principal = principalOf(request);
  const { writtenAt, missingAt, requests } = await takePause(app, { pause, principal, ...scope });
  if (writtenAt.length === 0) {
    throw new HttpProblem({
      status: 503,
      slug: "pause-not-written",
      title: "No store has confirmed the pause",
      detail: `Cannot pause ${scope.name} for sure: not confirmed by the stores of ${missingAt.join(", ")}; a request may still be sent; call again`,
      members: { writtenAt, missingAt, requests, scope: scope.name },
    });
  }
  const done = missingAt.length === 0 && requests.length === 0;
  const told = { pause, writtenAt, missingAt, requests };
  return done ? jsonAnswer(200, told) : jsonAnswer(202, { ...told, note: noteOn(told) });
}

function noteOn({ missingAt, requests }: TakenPause): string {
  const out = requests.filter(({ request }) => request === "out").map(({ group }) => group);
  const left = `A failover of ${[...new Set(out)].join(", ")} was requested before, and may be carried out.`;
  const unsure = requests
    .filter(({ request, site }) => request !== "out" && !missingAt.includes(site))
    .map(({ group }) => group);
  const missing = `Without an answer from the stores of ${missingAt.join(", ")} nobody can say that nothing is sent: call again.`;
  return [
    "Paused where it is written.",
    ...(out.length === 0 ? [] : [left]),
    ...(missingAt.length === 0 ? [] : [missing]),
    ...(unsure.length === 0
      ? []
      : [`Nobody can say what the claim of ${unsure.join(", ")} is: call again.`]),
  ].join(" ");
}

function inFuture(text: string, now: number): number {
  const at = instantIn(text);
  if (at !== null && at > now) return at;
  throw new HttpProblem({
    status: 400,
    slug: "bad-body",
    title: "The body is not what it should be",
    detail: `Cannot pause until ${text}: that is over`,
    members: { errors: [{ at: "expiresAt", fault: "must be in the future" }] },
  });
}
