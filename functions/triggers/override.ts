import type { HttpResponseInit } from "@azure/functions";
import * as z from "zod";
import { OverridableGuard } from "../../shared/domain/guard.ts";
import type { Override } from "../../shared/domain/person.ts";
import { instantIn } from "../../shared/domain/units.ts";
import { readOwn } from "../../shared/ledger/group-ledger.ts";
import { keepOverride } from "../../shared/ledger/overrides.ts";
import { writeToBooks } from "../../shared/ledger/write-to-books.ts";
import type { App } from "../app.ts";
import { findGroup } from "../http/find-group.ts";
import { HttpProblem } from "../http/http-problem.ts";
import { jsonAnswer } from "../http/json-answer.ts";
import { plainText } from "../http/plain-text.ts";
import { ActorName, claimedActor, principalOf } from "../http/read-actor.ts";
import { readBody } from "../http/read-json.ts";
import { type HttpCall, registerHttp } from "../http/register-http.ts";
import { writeAudit } from "../telling/write-audit.ts";

/** Whatever is accepted for longer belongs into the configuration, where others see it. */
const DAYS_MAX = 30;
const DAY_MS = 24 * 60 * 60_000;

const OverrideBody = z.strictObject({
  group: plainText(200),
  guard: OverridableGuard,
  incident: plainText(200).optional(),
  lossAtMostSeconds: z.number().nonnegative().max(86_400).optional(),
  reason: plainText(1000),
  actor: ActorName,
  expiresAt: z.iso.datetime({ offset: true }),
});
type OverrideBody = z.infer<typeof OverrideBody>;

/** `POST override`: a named person's word that one liftable guard need not hold until it expires. */
export function registerOverride(app: App): void {
  registerHttp(app, {
    name: "http-override",
    method: "POST",
    route: "override",
    answer: answerOverride,
  });
}

async function answerOverride({ app, request }: HttpCall): Promise<HttpResponseInit> {
  const body = await readBody(request, OverrideBody);
  const group = findGroup(app, body.group);
  const ledger = app.stores.of(group);
  const { expectedPrimary } = await readOwn(ledger);
  const madeAt = app.ports.clock.now();
  const override: Override = {
    guard: body.guard,
    group: group.name,
    incidentId: body.incident ?? null,
    expectedPrimary,
    lossAtMostMs: lossOf(body),
    reason: body.reason,
    actor: claimedActor(body.actor),
    madeAt,
    expiresAt: expiryOf(body, madeAt),
  };
  const written = await writeToBooks(ledger.both(expectedPrimary), async (book) => {
    // The audit first: a word that no audit tells of lifts nothing.
    await writeAudit(app, book, {
      key: app.ports.newId(),
      ofAt: madeAt,
      rule: null,
      receiptId: null,
      incidentId: override.incidentId,
      action: "override",
      actor: body.actor,
      detail: { override, principal: principalOf(request) },
    });
    await keepOverride(book, override);
  });
  if (written.writtenAt.length === 0) {
    throw new HttpProblem({
      status: 503,
      slug: "store-unreachable",
      title: "No store has confirmed the override",
      detail: `Cannot override ${body.guard} of ${group.name} for sure: no answer from ${written.missingAt.join(", ")}; call again`,
      members: { ...written },
    });
  }
  return jsonAnswer(200, { override, ...written });
}

function lossOf({ guard, lossAtMostSeconds }: OverrideBody): number | null {
  const about = guard === "loss-over-budget";
  if (about && lossAtMostSeconds === undefined) {
    throw badBody("lossAtMostSeconds", "say how much may be lost at most");
  }
  if (!about && lossAtMostSeconds !== undefined) {
    throw badBody("lossAtMostSeconds", "only loss-over-budget is about a loss that is known");
  }
  return lossAtMostSeconds === undefined ? null : Math.round(lossAtMostSeconds * 1000);
}

function expiryOf({ expiresAt }: OverrideBody, now: number): number {
  const at = instantIn(expiresAt);
  if (at === null || at <= now) throw badBody("expiresAt", "must be in the future");
  if (at - now > DAYS_MAX * DAY_MS) throw badBody("expiresAt", `at most ${DAYS_MAX} days ahead`);
  return at;
}

function badBody(at: string, fault: string): HttpProblem {
  return new HttpProblem({
    status: 400,
    slug: "bad-body",
    title: "The body is not what it should be",
    detail: `Cannot override: ${at}: ${fault}`,
    members: { errors: [{ at, fault }] },
  });
}
