import type { HttpResponseInit } from "@azure/functions";
import { readOwn } from "../../shared/ledger/group-ledger.ts";
import { readHeartbeat } from "../../shared/ledger/heartbeats.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import type { App } from "../app.ts";
import { HttpProblem } from "../http/http-problem.ts";
import { jsonAnswer } from "../http/json-answer.ts";
import { type HttpCall, registerHttp } from "../http/register-http.ts";

const TICKS_MISSED_MAX = 4;

/**
 * `GET health`: about the last tick, not about answering HTTP. It wants a key like every other
 * function: when a site last looked, and at what, is worth knowing for an attacker.
 */
export function registerHealth(app: App): void {
  registerHttp(app, { name: "http-health", method: "GET", route: "health", answer: answerHealth });
}

async function answerHealth({ app }: HttpCall): Promise<HttpResponseInit> {
  const { own } = app.stores;
  const reading = await readHeartbeat(own);
  const now = app.ports.clock.now();
  const beat = valueOrNull(reading);
  const lastTickAgeMs = beat === null ? null : Math.max(0, now - beat.at);
  const allowedMs = TICKS_MISSED_MAX * app.config.tickMs;
  const ages = { site: app.config.self.name, lastTickAgeMs, allowedMs };
  if (lastTickAgeMs !== null && lastTickAgeMs < allowedMs) {
    return jsonAnswer(200, { health: "ticking", ...ages, groups: await looksOf(app, now) });
  }
  const unknown = reading.kind === "silent";
  throw new HttpProblem({
    status: 503,
    slug: unknown ? "health-unknown" : "not-ticking",
    title: unknown ? "Nobody knows whether this site ticks" : "This site does not tick",
    detail: unknown
      ? "Cannot read the last tick: this site's own store gave no answer"
      : `The last tick was ${lastTickAgeMs === null ? "never" : `${lastTickAgeMs} ms ago`}; ${allowedMs} ms are allowed`,
    members: ages,
  });
}

async function looksOf(app: App, now: number): Promise<readonly Record<string, unknown>[]> {
  return Promise.all(
    app.config.groups.map(async (group) => {
      const look = (await readOwn(app.stores.of(group))).watch.looks.at(-1);
      return { group: group.name, lastLookAgeMs: look === undefined ? null : now - look.endedAt };
    }),
  );
}
