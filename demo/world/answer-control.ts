import type { IncomingMessage, ServerResponse } from "node:http";
import type { Config } from "../../shared/domain/group.ts";
import type { World } from "../../simulator/azure/world/world.ts";
import { faultMeanings } from "../../simulator/faults.ts";
import { readBody } from "./answer-http.ts";
import { readFault } from "./read-fault.ts";

export interface ControlOptions {
  readonly world: World;
  readonly config: Pick<Config, "groups" | "sites">;
  /** What an app must find in its environment to live here as this site, by name. */
  environmentOf(site: string): readonly string[];
}

interface Answer {
  readonly status: number;
  readonly body: object | string;
}

const WHAT_THERE_IS =
  "GET /ledger, GET /faults, POST /faults, GET /environment/SITE are what there is";

/** Answers whoever plays with the world: injects faults, tells the world's own ledger. */
export function createControl(
  options: ControlOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const { status, body } = await answerTo(options, request);
    const isText = typeof body === "string";
    response.writeHead(status, {
      "content-type": isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8",
    });
    response.end(isText ? body : `${JSON.stringify(body, null, 2)}\n`);
  };
}

async function answerTo(options: ControlOptions, request: IncomingMessage): Promise<Answer> {
  const { world, config, environmentOf } = options;
  const { pathname } = new URL(request.url ?? "/", "http://world");
  const [, site] = /^\/environment\/([^/]+)$/.exec(pathname) ?? [];
  if (request.method === "POST" && pathname === "/faults") return inject(options, request);
  if (request.method !== "GET") return refuse(404, WHAT_THERE_IS);
  if (pathname === "/ledger") return { status: 200, body: { now: world.now(), ...world.record } };
  if (pathname === "/faults") return { status: 200, body: Object.fromEntries(faultMeanings()) };
  if (site === undefined) return refuse(404, WHAT_THERE_IS);
  const names = config.sites.map(({ name }) => name);
  if (!names.includes(site)) return refuse(404, `no site ${site}: known are ${names.join(", ")}`);
  return { status: 200, body: `${environmentOf(site).join("\n")}\n` };
}

async function inject(
  { world, config }: ControlOptions,
  request: IncomingMessage,
): Promise<Answer> {
  const body = await readBody(request)
    .then(
      (text): unknown => JSON.parse(text),
      () => null,
    )
    .catch(() => null);
  const reading = readFault(config, body);
  if (reading.kind === "refused") return refuse(400, reading.because);
  world.inject(reading.fault);
  return { status: 201, body: reading.fault };
}

function refuse(status: number, error: string): Answer {
  return { status, body: { error } };
}
