import { expect, test } from "vitest";
import type { Listener } from "../../cli/check/simulated-reach.ts";
import type { Run } from "../../demo/start-run.ts";
import { Session } from "../../shared/azure/sql/session.ts";
import { CANARY_WRITE } from "../../shared/azure/sql/statements.ts";
import { Fault } from "../../simulator/faults.ts";
import { checked } from "../support/checked.ts";

interface Heard {
  readonly requests: string[];
  readonly statements: string[];
  readonly listener: Listener;
}

/** Notes down everything that leaves the operator's machine. */
function listen(): Heard {
  const requests: string[] = [];
  const statements: string[] = [];
  class Noted extends Session {
    override ask(statement: string): ReturnType<Session["ask"]> {
      statements.push(statement);
      return super.ask(statement);
    }
  }
  const listener: Listener = {
    http: (client) => ({
      sendRequest: (request) => {
        requests.push(`${request.method} ${new URL(request.url).pathname}`);
        return client.sendRequest(request);
      },
    }),
    send: (send) => (request) => {
      requests.push(`${request.method} ${request.url}`);
      return send(request);
    },
    session: (order) => new Noted(order),
  };
  return { requests, statements, listener };
}

const quiet = Fault.parse({ fault: "client-load", at: 0, commitsPerSecond: 0 });
const down = ["weu", "neu", "sec"].map((site) =>
  Fault.parse({ fault: "site-stopped", site, at: 0 }),
);

test.each([
  ["all is well", [quiet]],
  ["no site answers, and it puts its own reading to the rules", [quiet, ...down]],
  ["the primary is gone", [Fault.parse({ fault: "instance-down", on: "home", at: 50_000 })]],
])("a check only reads when %s", { timeout: 60_000 }, async (_name, faults) => {
  const { requests, statements, listener } = listen();
  let posts: readonly unknown[] = ["not looked at"];
  const afterwards = ({ world }: Run): void => {
    posts = world.record.posts.filter(({ from }) => from === "operator");
  };
  await checked(faults, { listener, afterwards });

  expect(requests.length).toBeGreaterThan(20);
  expect(requests.filter((request) => !request.startsWith("GET "))).toEqual([]);
  expect(statements).not.toContain(CANARY_WRITE);
  const writing = statements.filter((text) => /\b(?:UPDATE|INSERT INTO) geofailover\b/.test(text));
  expect(writing).toEqual([]);
  expect(posts).toEqual([]);
});

test("no row of any store is written by a check", { timeout: 60_000 }, async () => {
  const { requests, listener } = listen();
  await checked(down, { listener });
  expect(requests.filter((request) => /table\.core|\/GeoFailover/i.test(request))).toEqual([]);
});

test("only --key-check sends a POST, and only the one that changes nothing", {
  timeout: 60_000,
}, async () => {
  const { requests, listener } = listen();
  const options = ({ sites }: Run["config"]) =>
    ({ sites, appPrincipals: [], subscriptionIds: [], keyCheck: true }) as const;
  await checked([], { listener, options });
  const others = requests.filter((request) => !request.startsWith("GET "));
  expect(others.map((request) => request.split("/").at(-1))).toEqual([
    "validateAzureKeyVaultEncryptionKey",
  ]);
});
