// A person's call to fail a group over or back, from body to answer.
//
// C1. The call is kept before it is passed on, under the id of its key: it is made once, whatever repeats.
// C2. A repeated call is answered as the first one was, and starts nothing that had its turn.
// C3. Only a call that the rules would act on is kept; any other is answered with what is in the way.

import type { HttpResponseInit } from "@azure/functions";
import type { Group, Side } from "../../shared/domain/group.ts";
import type { PersonCall } from "../../shared/domain/person.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { type CallAnswer, earlierCall, keepAnswer } from "../../shared/ledger/call-answers.ts";
import { readOwn } from "../../shared/ledger/group-ledger.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { keepCall } from "../../shared/ledger/people.ts";
import { writeToBooks } from "../../shared/ledger/write-to-books.ts";
import { digestOf } from "../../shared/text/digest.ts";
import type { App } from "../app.ts";
import { decideNow } from "../deciding/decide-now.ts";
import { findGroup } from "../http/find-group.ts";
import { HttpProblem } from "../http/http-problem.ts";
import { jsonAnswer } from "../http/json-answer.ts";
import { claimedActor, principalOf } from "../http/read-actor.ts";
import { readBody } from "../http/read-json.ts";
import type { HttpCall } from "../http/register-http.ts";
import { statusUrl } from "../http/status-url.ts";
import { writeAudit } from "../telling/write-audit.ts";
import { callExpired, callRefused, keyUsed, storeSilent } from "./call-problems.ts";
import { idempotencyKeyOf, PersonCallBody } from "./person-call-body.ts";

/** What passing a kept call on comes to: the incident that carries it, where there is one. */
type PassOn = (group: Group, call: PersonCall) => Promise<string | null>;

/**
 * Puts a person's call to the rules, keeps it and passes it on. The same idempotency key finds the
 * call that was made.
 */
export async function answerPersonCall(
  http: HttpCall,
  purpose: PersonCall["purpose"],
  passOn: PassOn,
): Promise<HttpResponseInit> {
  const { app, request } = http;
  const group = findGroup(app, request.params.group ?? "");
  const wanted = await readCall(http, group, purpose);
  const ledger = app.stores.of(group);
  const { expectedPrimary: primary } = await readOwn(ledger);
  const books = ledger.both(primary);
  const earlier = await earlierCall(books, wanted.id);
  if (earlier !== null) {
    if (!sameCall(earlier.call, wanted)) throw keyUsed();
    if (earlier.answer !== null) return accepted(http, group, earlier.call, earlier.answer);
    if (earlier.call.expiresAt <= wanted.calledAt) throw callExpired();
    return finish(http, { group, books, wanted: earlier.call }, passOn);
  }
  const target = await readLive(ledger.target(primary));
  if (target.silent) throw storeSilent(target.book.site);
  const { decision } = await decideNow(app, { group, purpose, call: wanted, sharesLook: false }, [
    target,
  ]);
  if (decision.verdict !== "fail-over") {
    throw callRefused(group.name, decision, actingSites(app, group, primary));
  }
  return finish(http, { group, books, wanted }, passOn);
}

/** Safe to repeat from any point: the call is kept once, passing it on is harmless to repeat. */
async function finish(
  http: HttpCall,
  made: { readonly group: Group; readonly books: readonly Book[]; readonly wanted: PersonCall },
  passOn: PassOn,
): Promise<HttpResponseInit> {
  const { app, request } = http;
  const { group, books, wanted } = made;
  const [target] = books;
  if (target === undefined) throw new Error(`Cannot keep the call: no store: ${group.name}`);
  // The target's store alone decides which of two simultaneous calls was first.
  const call = await keepCall(target, wanted);
  if (!sameCall(call, wanted)) throw keyUsed();
  const others = await writeToBooks(books.slice(1), (book) => keepCall(book, call));
  const incidentId = await passOn(group, call);
  await writeAudit(app, target, {
    key: call.id,
    ofAt: call.calledAt,
    rule: null,
    receiptId: null,
    incidentId,
    action: `call-${call.purpose}`,
    actor: call.actor.name,
    detail: { call, principal: principalOf(request) },
  });
  const answer: CallAnswer = { incidentId, missingAt: [...others.missingAt] };
  await keepAnswer(books, call.id, answer);
  return accepted(http, group, call, answer);
}

async function readCall(
  { app, request }: HttpCall,
  group: Group,
  purpose: PersonCall["purpose"],
): Promise<PersonCall> {
  const body = await readBody(request, PersonCallBody);
  if (purpose === "fail-back" && body.kind === "forced") {
    throw new HttpProblem({
      status: 400,
      slug: "failback-never-forces",
      title: "A failback is never forced",
      detail: "Cannot fail back by force: kind must be planned (I10)",
    });
  }
  const calledAt = app.ports.clock.now();
  const key = idempotencyKeyOf(request, body) ?? app.ports.newId();
  return {
    id: `call-${digestOf(key).slice(0, 32)}`,
    purpose,
    kind: body.kind,
    accepts: [...new Set(body.accepts)].sort(),
    reason: body.reason,
    actor: claimedActor(body.actor),
    calledAt,
    expiresAt: calledAt + group.policy.approvalMs,
  };
}

/** Is it the same call, whenever it was made? */
function sameCall(a: PersonCall, b: PersonCall): boolean {
  const content = ({ id, calledAt, expiresAt, ...rest }: PersonCall): string =>
    JSON.stringify([rest.purpose, rest.kind, rest.accepts, rest.reason, rest.actor.name]);
  return content(a) === content(b);
}

/** Sites in the primary's region never act for its group. */
function actingSites(app: App, group: Group, primary: Side): readonly string[] {
  const able = app.config.sites.filter((site) => site.region !== group[primary].region);
  return able.map((site) => site.url);
}

function accepted(
  { request }: HttpCall,
  group: Group,
  call: PersonCall,
  answer: CallAnswer,
): HttpResponseInit {
  const location = statusUrl(request, group.name);
  const body = { group: group.name, call, ...answer, statusUrl: location };
  return jsonAnswer(202, body, { location });
}
