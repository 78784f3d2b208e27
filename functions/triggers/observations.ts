import type { HttpResponseInit } from "@azure/functions";
import type { Group } from "../../shared/domain/group.ts";
import type { TravellingReport } from "../../shared/domain/travelling.ts";
import type { App } from "../app.ts";
import { findGroup } from "../http/find-group.ts";
import { jsonAnswer } from "../http/json-answer.ts";
import { type HttpCall, registerHttp } from "../http/register-http.ts";
import { shareAnswers } from "../http/share-answers.ts";
import { reportForPeers } from "../seeing/report-for-peers.ts";

/** `GET observations/{group}`: this site's looks of the last minutes and what the secondary answers it, for the other sites. */
export function registerObservations(app: App): void {
  // Ages are told as of the end of the work: an answer that is kept would make its looks younger.
  const report = shareAnswers(app.ports.clock, 0, (group) => reportForPeers(app, group));
  registerHttp(app, {
    name: "http-observations",
    method: "GET",
    route: "observations/{group}",
    answer: (call) => answerObservations(call, report),
  });
}

async function answerObservations(
  { app, request }: HttpCall,
  report: (group: Group) => Promise<TravellingReport>,
): Promise<HttpResponseInit> {
  const group = findGroup(app, request.params.group ?? "");
  return jsonAnswer(200, await report(group));
}
