import type { App } from "../app.ts";
import { registerHttp } from "../http/register-http.ts";
import { answerAsk } from "./answer-ask.ts";

/** `POST deny`: uses the token up without approving anything. */
export function registerDeny(app: App): void {
  registerHttp(app, {
    name: "http-deny",
    method: "POST",
    route: "deny",
    answer: (http) => answerAsk(http, "denied"),
  });
}
