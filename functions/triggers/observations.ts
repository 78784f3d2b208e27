import type { HttpResponseInit } from "@azure/functions";
import type { App } from "../app.ts";
import { findGroup } from "../http/find-group.ts";
import { jsonAnswer } from "../http/json-answer.ts";
import { type HttpCall, registerHttp } from "../http/register-http.ts";
import { reportForPeers } from "../seeing/report-for-peers.ts";

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
  return jsonAnswer(200, await reportForPeers(app, group));
}
