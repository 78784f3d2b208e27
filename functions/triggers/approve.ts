import type { App } from "../app.ts";
import { registerHttp } from "../http/register-http.ts";
import { answerAsk } from "./answer-ask.ts";

/** `POST approve`: a one-time token becomes an approval, which fresh facts and the same rules judge. */
export function registerApprove(app: App): void {
  registerHttp(app, {
    name: "http-approve",
    method: "POST",
    route: "approve",
    answer: (http) => answerAsk(http, "approved"),
  });
}
