// Answers an ask: parsed, settled once under the ETag of the target's store,
// written down. The motor finds it at its next look.

import type { HttpResponseInit } from "@azure/functions";
import * as z from "zod";
import {
  type Actor,
  type Approval,
  type Ask,
  acceptsMore,
  noesTo,
  type Shown,
} from "../../shared/domain/person.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import {
  addApproval,
  approvalsIn,
  asksIn,
  openAsk,
  settleAsk,
} from "../../shared/ledger/people.ts";
import { type Written, writeToBooks } from "../../shared/ledger/write-to-books.ts";
import { sayMs } from "../../shared/text/say-time.ts";
import type { App } from "../app.ts";
import { findHealed } from "../deciding/find-healed.ts";
import { HttpProblem } from "../http/http-problem.ts";
import { jsonAnswer } from "../http/json-answer.ts";
import { ActorName, claimedActor, principalOf } from "../http/read-actor.ts";
import { readBody } from "../http/read-json.ts";
import type { HttpCall } from "../http/register-http.ts";
import { statusUrl } from "../http/status-url.ts";
import { writeAudit } from "../telling/write-audit.ts";
import { type FoundAsk, findAsk } from "./find-ask.ts";

const AnswerBody = z.strictObject({
  token: z.string().min(1).max(500),
  actor: ActorName,
});

/**
 * Writes down what a person answers to the ask of a token, first where acting would read it. It may
 * be sent twice.
 */
export async function answerAsk(
  http: HttpCall,
  answer: "approved" | "denied",
): Promise<HttpResponseInit> {
  const { app, request } = http;
  const body = await readBody(request, AnswerBody);
  const found = await findAsk(app, body.token);
  const books = app.stores.of(found.group).both(found.ask.expectedPrimary);
  const [target, ...others] = books;
  if (target === undefined) throw new Error(`Cannot answer the ask: no store: ${found.group.name}`);
  const actor = claimedActor(body.actor);
  const settled: Answered = { answer, takesBack: await noesKnown(target, found, answer) };
  const answeredAt = await settle(app, target, found, settled);
  const approval = answer === "approved" ? approvalOf(app, found, actor) : null;
  if (approval !== null) await addApproval(target, approval);
  // Only now the rest, side by side: the other store may lie in the lost region.
  const [rest] = await Promise.all([
    writeToBooks(others, async (book) => {
      // By the same instant: a no is known by when it was given.
      await settleAsk(book, found.ask, { ...settled, at: answeredAt });
      if (approval !== null) await addApproval(book, approval);
    }),
    writeAudit(app, target, {
      key: `${found.ask.id}~${answeredAt}`,
      ofAt: answeredAt,
      rule: null,
      receiptId: null,
      incidentId: found.ask.incidentId,
      action: `ask-${answer}`,
      actor: actor.name,
      detail: { askId: found.ask.id, guards: found.ask.guards, principal: principalOf(request) },
    }),
  ]);
  const written = { ...rest, writtenAt: [target.site, ...rest.writtenAt] };
  return told(http, found, answer, approval === null ? null : written);
}

/** What a yes takes back: every no that was found, and those of the store that acting reads, which was perhaps too slow to be found. */
async function noesKnown(
  target: Book,
  { ask, noes }: FoundAsk,
  answer: Answered["answer"],
): Promise<readonly string[]> {
  if (answer === "denied") return [];
  const ofTarget = noesTo(asksIn(await readLive(target)), ask.incidentId);
  return [...new Set([...noes, ...ofTarget])];
}

interface Answered {
  readonly answer: "approved" | "denied";
  readonly takesBack: readonly string[];
}

/**
 * Settles the ask, and says as of when. Who approves a second time learns what the first answer was; to deny is never in
 * vain.
 */
async function settle(
  app: App,
  target: Book,
  { ask, group, shown }: FoundAsk,
  settled: Answered,
): Promise<number> {
  const at = app.ports.clock.now();
  if (ask.answer === "withdrawn") throw withdrawn();
  if (settled.answer === "approved") {
    if (acceptsMore(ask, shown)) throw changed(ask, shown);
    if (ask.answer === "approved") return finish(target, { ask, group }, at);
    if (await findHealed(target, ask)) throw healed();
  }
  // The target may have been away when it was asked.
  await openAsk(target, ask);
  const kept = await settleAsk(target, ask, { ...settled, at });
  if (kept !== null) return kept.answeredAt ?? at;
  throw answeredBefore("another answer, or a newer message, came first");
}

/** We may have fallen over between settling and approving: then the approval is still to be written. */
async function finish(
  target: Book,
  { ask, group }: Pick<FoundAsk, "ask" | "group">,
  now: number,
): Promise<number> {
  const answeredAt = ask.answeredAt ?? 0;
  const kept = approvalsIn(await readLive(target), ask.incidentId, 0);
  const isWritten = kept.some((one) => one.askId === ask.id && one.approvedAt >= answeredAt);
  if (isWritten || now - answeredAt >= group.policy.approvalMs) {
    throw answeredBefore("it was approved");
  }
  return answeredAt;
}

/** An approval is bound to everything that was asked. */
function approvalOf({ ports }: App, { group, ask }: FoundAsk, actor: Actor): Approval {
  const { incidentId, purpose, expectedPrimary, kind, diagnosis, guards, lossAtMostMs } = ask;
  const approvedAt = ports.clock.now();
  return {
    askId: ask.id,
    incidentId,
    purpose,
    expectedPrimary,
    kind,
    diagnosis,
    guards,
    lossAtMostMs,
    actor,
    approvedAt,
    expiresAt: approvedAt + group.policy.approvalMs,
  };
}

const DENIED =
  "nothing more is sent about this incident until it has ended, unless somebody approves this ask after all, or a later one, or calls POST failover and accepts denied; what was sent before runs on";

function told(
  { request }: HttpCall,
  { group, ask }: FoundAsk,
  answer: "approved" | "denied",
  written: Written | null,
): HttpResponseInit {
  const location = statusUrl(request, group.name);
  const body = {
    answer,
    group: group.name,
    askId: ask.id,
    incidentId: ask.incidentId,
    guards: ask.guards,
    ...written,
    statusUrl: location,
  };
  return answer === "approved"
    ? jsonAnswer(202, body, { location })
    : jsonAnswer(200, { ...body, note: DENIED });
}

function answeredBefore(because: string): HttpProblem {
  return new HttpProblem({
    status: 409,
    slug: "ask-settled",
    title: "This ask has been answered",
    detail: `Cannot answer the ask: ${because}; to act all the same, call POST failover or POST failback`,
  });
}

/** The ask stands: should the primary fail again, the same token answers it. */
function healed(): HttpProblem {
  return new HttpProblem({
    status: 409,
    slug: "healed",
    title: "The primary has healed",
    detail:
      "Cannot approve: what was asked about has healed, so nothing is sent; should it fail again, send the same answer once more",
  });
}

/** Something else is asked by now than the answered message has shown: says what is new. */
function changed(
  { kind, diagnosis, guards, lossAtMostMs, version }: Ask,
  shown: Shown,
): HttpProblem {
  const added = guards.filter((guard) => !shown.guards.includes(guard));
  const news = [
    ...(kind === shown.kind ? [] : [`it would be ${kind}`]),
    ...(diagnosis === shown.diagnosis ? [] : [`what is wrong is ${diagnosis}`]),
    ...added,
    ...(lossAtMostMs === shown.lossAtMostMs ? [] : [sayLoss(lossAtMostMs)]),
  ];
  return new HttpProblem({
    status: 409,
    slug: "ask-changed",
    title: "A newer message has replaced this one",
    detail: `Cannot approve: new since then: ${news.join(", ")}; answer the newest message`,
    members: { version, kind, diagnosis, guards, lossAtMostMs, newGuards: added },
  });
}

function sayLoss(atMostMs: number | null): string {
  return atMostMs === null ? "a loss that nobody knows" : `a loss of up to ${sayMs(atMostMs)}`;
}

function withdrawn(): HttpProblem {
  return new HttpProblem({
    status: 410,
    slug: "ask-withdrawn",
    title: "This ask is over",
    detail: "Cannot answer the ask: its incident is over, or nobody asks it any more",
  });
}
