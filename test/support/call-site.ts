import type { Simulation } from "./simulated-sites.ts";

export interface Told {
  readonly status: number;
  readonly json: unknown;
}

/** Calls a function of a site with its key, and lets time pass until it has answered. */
export async function callSite(
  { sites, clock }: Simulation,
  path: string,
  body: unknown,
  site = "neu",
  method: "GET" | "POST" = "POST",
): Promise<Told> {
  const host = sites.host(site);
  let answered = false;
  const mark = (): void => {
    answered = true;
  };
  const pending = host.fetch({
    method,
    url: `/api/${path}`,
    headers: { "x-functions-key": host.keys.host, "content-type": "application/json" },
    ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
  });
  pending.then(mark, mark);
  await clock.runUntil(() => answered);
  const answer = await pending;
  const text = new TextDecoder().decode(answer.body);
  return { status: answer.status, json: text === "" ? null : JSON.parse(text) };
}
