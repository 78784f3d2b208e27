import type { HttpResponseInit } from "@azure/functions";
import type { App } from "../app.ts";
import { HttpProblem } from "../http/http-problem.ts";
import { jsonAnswer } from "../http/json-answer.ts";
import { type HttpCall, registerHttp } from "../http/register-http.ts";
import { siteHealth } from "../status/site-health.ts";

/**
 * `GET health`: about the last tick, not about answering HTTP. It wants a key like every other
 * function: when a site last looked, and at what, is worth knowing for an attacker.
 */
export function registerHealth(app: App): void {
  registerHttp(app, { name: "http-health", method: "GET", route: "health", answer: answerHealth });
}

async function answerHealth({ app }: HttpCall): Promise<HttpResponseInit> {
  const { health, detail, ...ages } = await siteHealth(app);
  const members = { site: app.config.self.name, ...ages };
  if (detail === null) return jsonAnswer(200, { health, ...members });
  throw new HttpProblem({ status: 503, slug: health, title: TITLES[health], detail, members });
}

const TITLES: Readonly<Record<Awaited<ReturnType<typeof siteHealth>>["health"], string>> = {
  ticking: "This site ticks",
  "health-unknown": "Nobody knows whether this site ticks",
  "not-ticking": "This site does not tick",
  "ledger-unreadable": "A row that holds everything still cannot be read",
  "tick-failed": "The last tick came to no end",
  "not-looking": "A group is not looked at",
};
