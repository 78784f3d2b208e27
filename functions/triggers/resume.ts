import type { HttpResponseInit } from "@azure/functions";
import * as z from "zod";
import type { Group } from "../../shared/domain/group.ts";
import type { Pause } from "../../shared/domain/person.ts";
import { liftPause, pausesIn } from "../../shared/ledger/pauses.ts";
import { writeToBooks } from "../../shared/ledger/write-to-books.ts";
import type { App } from "../app.ts";
import { HttpProblem } from "../http/http-problem.ts";
import { jsonAnswer } from "../http/json-answer.ts";
import { plainText } from "../http/plain-text.ts";
import { ActorName, principalOf } from "../http/read-actor.ts";
import { readBody } from "../http/read-json.ts";
import { type HttpCall, registerHttp } from "../http/register-http.ts";
import { readBoth } from "../seeing/read-ledger.ts";
import { writeAudit } from "../telling/write-audit.ts";
import { namedScope } from "./pause-scope.ts";

const ResumeBody = z.strictObject({
  group: plainText(200).optional(),
  reason: plainText(1000),
  /** Who lifts it. */
  owner: ActorName,
  /** Whose pause; that of whoever lifts it, if nobody is named. */
  pausedBy: ActorName.optional(),
});

/** `POST resume`: lifts the pause of one owner in that scope and no other, and says what still pauses. */
export function registerResume(app: App): void {
  registerHttp(app, { name: "http-resume", method: "POST", route: "resume", answer: answerResume });
}

async function answerResume({ app, request }: HttpCall): Promise<HttpResponseInit> {
  const body = await readBody(request, ResumeBody);
  const scope = namedScope(app, body.group);
  const pausedBy = body.pausedBy ?? body.owner;
  let found = false;
  // A pause readable in any store pauses, so it is lifted wherever it may have been written.
  const lifted = await writeToBooks(scope.everywhere, async (book) => {
    if (!(await liftPause(book, pausedBy, app.ports.clock.now()))) return;
    found = true;
    await writeAudit(app, book, {
      key: app.ports.newId(),
      ofAt: app.ports.clock.now(),
      rule: null,
      receiptId: null,
      incidentId: null,
      action: "resume",
      actor: body.owner,
      detail: {
        scope: scope.name,
        pausedBy,
        reason: body.reason,
        principal: principalOf(request),
      },
    });
  });
  const needed = new Set(scope.books.map(({ site }) => site));
  const missing = lifted.missingAt.filter((site) => needed.has(site));
  if (missing.length > 0) {
    throw new HttpProblem({
      status: 503,
      slug: "resume-incomplete",
      title: "Not every store has lifted the pause",
      detail: `Cannot resume ${scope.name} for sure: it may still be paused at ${missing.join(", ")}; call again`,
      members: { ...lifted, scope: scope.name },
    });
  }
  const stillPausedBy = await pausesLeft(app, scope.groups);
  const others = stillPausedBy.filter((pause) => pause.scope === scope.name);
  if (!found && others.length > 0) throw notLifted(scope.name, pausedBy, others);
  return jsonAnswer(200, { scope: scope.name, pausedBy, ...lifted, stillPausedBy });
}

function notLifted(scope: string, pausedBy: string, others: readonly Pause[]): HttpProblem {
  const owners = others.map(({ owner, reason }) => `${owner} (${reason})`).join(", ");
  return new HttpProblem({
    status: 409,
    slug: "not-lifted",
    title: "That pause does not stand",
    detail: `Cannot resume ${scope}: ${pausedBy} has not paused it; ${owners} has: name whose pause to lift as pausedBy`,
    members: { scope, pausedBy, stillPausedBy: others },
  });
}

async function pausesLeft(
  { stores, ports }: App,
  groups: readonly Group[],
): Promise<readonly Pause[]> {
  const now = ports.clock.now();
  const read = await Promise.all(groups.map((group) => readBoth(stores, stores.of(group), "home")));
  const pauses = read
    .flat()
    .flatMap(({ group, everyGroup }) => pausesIn([group, everyGroup], now).standing);
  return [...new Map(pauses.map((pause) => [`${pause.scope} ${pause.owner}`, pause])).values()];
}
