import type { HttpResponseInit } from "@azure/functions";
import type { Decision } from "../../shared/domain/decision.ts";
import type { Group } from "../../shared/domain/group.ts";
import { readHeartbeat } from "../../shared/ledger/heartbeats.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";
import { decideNow } from "../deciding/decide-now.ts";
import { findGroup } from "../http/find-group.ts";
import { jsonAnswer } from "../http/json-answer.ts";
import { type HttpCall, registerHttp } from "../http/register-http.ts";
import { shareAnswers } from "../http/share-answers.ts";
import { PRODUCT } from "../product.ts";
import { groupStatus } from "../status/group-status.ts";
import type { Part } from "../status/status-reading.ts";

const LIVE_MS = 30_000;
const LIVE_GOOD_FOR_MS = 5_000;

type Live = (group: Group) => Promise<Part<Decision>>;

/**
 * `GET status` and `GET status/{group}`: what the ledger says; `?live=1` also looks and decides, once for
 * all who ask within five seconds.
 */
export function registerStatus(app: App): void {
  const decideLive = shareAnswers(app.ports.clock, LIVE_GOOD_FOR_MS, (group) =>
    decisionNow(app, group),
  );
  registerHttp(app, {
    name: "http-status",
    method: "GET",
    route: "status/{group?}",
    answer: (call) => answerStatus(call, decideLive),
  });
}

async function answerStatus(
  { app, request, client }: HttpCall,
  decideLive: Live,
): Promise<HttpResponseInit> {
  const named = request.params.group;
  const groups = named === undefined ? app.config.groups : [findGroup(app, named)];
  const live = request.query.get("live") === "1";
  const beat = valueOrNull(await readHeartbeat(app.stores.own));
  const now = app.ports.clock.now();
  return jsonAnswer(200, {
    site: app.config.self.name,
    product: PRODUCT,
    at: now,
    lastTickAgeMs: beat === null ? null : Math.max(0, now - beat.at),
    policyDigest: app.config.digest,
    groups: await Promise.all(
      groups.map(async (group) => ({
        ...(await groupStatus(app, client, group)),
        ...(live ? { live: await decideLive(group) } : {}),
      })),
    ),
  });
}

/** A decision of nobody's: it is not written down and nothing follows from it. */
function decisionNow(app: App, group: Group): Promise<Part<Decision>> {
  const work = decideNow(app, { group, purpose: "fail-over", call: null, sharesLook: true });
  return within<Part<Decision>>(
    app.ports.clock,
    LIVE_MS,
    work.then(({ decision }) => ({ kind: "read", value: decision })),
    (because) => ({ kind: "unknown", because, site: app.config.self.name }),
  );
}
