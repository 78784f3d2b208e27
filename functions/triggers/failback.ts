import type { App } from "../app.ts";
import { registerHttp } from "../http/register-http.ts";
import { answerPersonCall } from "./answer-person-call.ts";

/** `POST failback/{group}`: a person's call to go home. The tick finds the kept call and acts on it. */
export function registerFailback(app: App): void {
  registerHttp(app, {
    name: "http-failback",
    method: "POST",
    route: "failback/{group}",
    answer: (http) => answerPersonCall(http, "fail-back", async () => null),
  });
}
