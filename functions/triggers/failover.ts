import type { App } from "../app.ts";
import { registerHttp } from "../http/register-http.ts";
import { suspect } from "../keeping/suspect.ts";
import { answerPersonCall } from "./answer-person-call.ts";

/** `POST failover/{group}`: a person's call. It replaces the grace, never the guards. */
export function registerFailover(app: App): void {
  registerHttp(app, {
    name: "http-failover",
    method: "POST",
    route: "failover/{group}",
    answer: (http) =>
      answerPersonCall(http, "fail-over", async (group, call) => {
        const openedBy = `call:${call.actor.name}`;
        const { incident } = await suspect(app, {
          ledger: app.stores.of(group),
          openedBy,
          call,
          client: http.client,
        });
        return incident.id;
      }),
  });
}
