import type { HttpResponseInit } from "@azure/functions";
import type { Group } from "../../shared/domain/group.ts";
import { type TravellingReport, travelling } from "../../shared/domain/travelling.ts";
import { lastBeat } from "../../shared/ledger/watches.ts";
import type { App } from "../app.ts";
import { findGroup } from "../http/find-group.ts";
import { jsonAnswer } from "../http/json-answer.ts";
import { type HttpCall, registerHttp } from "../http/register-http.ts";
import { lookAtGroup, recentLooks } from "../seeing/look.ts";
import { seeSecondary } from "../seeing/probe-secondary.ts";

/** How far back looks are told: whoever opens an incident counts from the first failures on. */
const TOLD_MS = 3 * 60_000;

/** `GET observations/{group}`: this site's looks of the last minutes and what the secondary answers it, for the other sites. */
export function registerObservations(app: App): void {
  registerHttp(app, {
    name: "http-observations",
    method: "GET",
    route: "observations/{group}",
    answer: answerObservations,
  });
}

async function answerObservations({ app, request }: HttpCall): Promise<HttpResponseInit> {
  const group = findGroup(app, request.params.group ?? "");
  const [secondary] = await Promise.all([seeSecondary(app, group), lookUnlessYoung(app, group)]);
  const now = app.ports.clock.now();
  const looks = await recentLooks(app, group);
  const beat = await lastBeat(app.stores.own);
  const report: TravellingReport = {
    version: 1,
    site: app.config.self.name,
    looks: looks
      .filter((look) => now - look.endedAt < TOLD_MS)
      .map((look) => travelling(look, now)),
    secondary,
    lastTickAgeMs: beat === null ? null : Math.max(0, now - beat.at),
  };
  return jsonAnswer(200, report);
}

/** Several sites that ask at once share a look younger than half an interval. */
async function lookUnlessYoung(app: App, group: Group): Promise<void> {
  const since = app.ports.clock.now() - group.policy.intervalMs / 2;
  const looks = await recentLooks(app, group);
  if (!looks.some((look) => look.startedAt > since)) await lookAtGroup(app, group);
}
