import type { HttpResponseInit } from "@azure/functions";
import * as z from "zod";
import { OverridableGuard } from "../../shared/domain/guard.ts";
import { withdrawOverride } from "../../shared/ledger/overrides.ts";
import { writeToBooks } from "../../shared/ledger/write-to-books.ts";
import type { App } from "../app.ts";
import { findGroup } from "../http/find-group.ts";
import { HttpProblem } from "../http/http-problem.ts";
import { jsonAnswer } from "../http/json-answer.ts";
import { plainText } from "../http/plain-text.ts";
import { ActorName, principalOf } from "../http/read-actor.ts";
import { readBody } from "../http/read-json.ts";
import { type HttpCall, registerHttp } from "../http/register-http.ts";
import { writeAudit } from "../telling/write-audit.ts";

const WithdrawBody = z.strictObject({
  group: plainText(200),
  guard: OverridableGuard,
  reason: plainText(1000),
  actor: ActorName,
});

/** `POST override/withdraw`: the guard holds again, in every store that had the override. */
export function registerWithdrawOverride(app: App): void {
  registerHttp(app, {
    name: "http-withdraw-override",
    method: "POST",
    route: "override/withdraw",
    answer: answerWithdraw,
  });
}

async function answerWithdraw({ app, request }: HttpCall): Promise<HttpResponseInit> {
  const { guard, actor, reason, group: named } = await readBody(request, WithdrawBody);
  const group = findGroup(app, named);
  const now = app.ports.clock.now();
  let found = false;
  const written = await writeToBooks(app.stores.of(group).both("home"), async (book) => {
    if (!(await withdrawOverride(book, guard, now))) return;
    found = true;
    await writeAudit(app, book, {
      key: app.ports.newId(),
      ofAt: now,
      rule: null,
      receiptId: null,
      incidentId: null,
      action: "override-withdrawn",
      actor,
      detail: { guard, reason, principal: principalOf(request) },
    });
  });
  if (written.missingAt.length > 0) {
    throw new HttpProblem({
      status: 503,
      slug: "withdraw-incomplete",
      title: "Not every store has withdrawn the override",
      detail: `Cannot withdraw the override of ${guard} for sure: it may still stand at ${written.missingAt.join(", ")}; call again`,
      members: { ...written, guard },
    });
  }
  return jsonAnswer(200, { group: group.name, guard, found, ...written });
}
