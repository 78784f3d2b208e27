// Every way in which the adapters of a site reach outside of it, gathered by asking every method of every
// port: each call is in the published list, and something of the simulated Azure answers it.

import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { DESTINATIONS } from "../../cli/check/azure/outward-calls.ts";
import type { OutgoingEvent } from "../../shared/domain/event.ts";
import type { Group } from "../../shared/domain/group.ts";
import type { Ports } from "../../shared/ports/ports.ts";
import type { Store } from "../../shared/ports/store.ts";
import type { SiteNetwork } from "../../simulator/site-network.ts";
import { portsOnTheWire } from "../contract/ports-on-the-wire.ts";
import {
  createLab,
  home,
  partner,
  group as plain,
  SECOND,
  sites,
} from "../contract/world-under-test.ts";
import { type OutwardCall, recordOutward } from "./outward-recorder.ts";

const SOURCE = new URL("../../shared/azure/", import.meta.url);
const WORKSPACE = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
const group: Group = {
  ...plain,
  application: {
    successRatio: `app-insights:${WORKSPACE}/role/orders-api`,
    floor: 0.5,
    capacityAtTarget: "https://orders.example.net/capacity",
  },
};
const instance = { fqdn: home.fqdn, timeoutMs: 8 * SECOND };
const sides = { group: group.name, from: group.home, to: partner };
const row = { group: group.name, kind: "claim", id: "newest" };
const event: OutgoingEvent = {
  ...{ id: "e1", type: "notice", group: group.name, incidentId: null, at: 0, urgent: false },
  ...{ text: "all is well", data: {} },
};

type Ask = (ports: Ports) => Promise<unknown>;
type Asks<Port> = { readonly [Method in keyof Port]: Ask };

/** Every method of every port: one that is new does not compile until it is asked here. */
const EXERCISES: {
  readonly [Name in Exclude<keyof Ports, "clock" | "newId" | "stores">]: Asks<Ports[Name]>;
} & { readonly stores: Asks<Omit<Store, "site">> } = {
  failoverGroups: {
    read: ({ failoverGroups }) => failoverGroups.read(group.name, home),
    failOver: async ({ failoverGroups }) => [
      await failoverGroups.failOver({ ...sides, kind: "planned" }),
      await failoverGroups.failOver({ ...sides, kind: "forced" }),
    ],
    poll: async ({ failoverGroups }) => {
      const posted = await failoverGroups.failOver({ ...sides, kind: "planned" });
      const ticket = posted.kind === "accepted" ? posted.ticket : null;
      return failoverGroups.poll({ to: partner, ticket: ticket ?? "" });
    },
  },
  instances: {
    read: ({ instances }) => instances.read(home),
    runningOperation: ({ instances }) => instances.runningOperation(home),
    inaccessibleDatabases: ({ instances }) => instances.inaccessibleDatabases(home),
  },
  keyPath: {
    start: ({ keyPath }) => keyPath.start(partner),
    poll: async ({ keyPath }) => {
      const check = await keyPath.start(partner);
      return keyPath.poll(partner, check.kind === "running" ? check.ticket : "");
    },
  },
  sql: {
    look: ({ sql }) => sql.look(instance, "orders"),
    replication: ({ sql }) => sql.replication(instance),
    updateability: ({ sql }) => sql.updateability(instance),
    write: ({ sql }) => sql.write(instance, "orders"),
  },
  references: {
    reach: async ({ references }) => [
      await references.reach(sites.neu.reference ?? "", SECOND),
      await references.reach(home.regionReference ?? "", SECOND),
    ],
  },
  peers: {
    observe: ({ peers }) => peers.observe(sites.sec, group.name, SECOND),
    tick: ({ peers }) => peers.tick(sites.sec, SECOND),
  },
  notifier: { send: ({ notifier }) => notifier.send(event) },
  signals: {
    application: ({ signals }) => signals.application(group),
    capacityAt: ({ signals }) => signals.capacityAt(group, "partner"),
    activity: ({ signals }) => signals.activity(group, SECOND),
    advice: ({ signals }) => signals.advice(group, "home"),
  },
  identity: { tokenGoodForMs: ({ identity }) => identity.tokenGoodForMs() },
  stores: {
    read: (ports) => ownStore(ports).read(row),
    write: async (ports) => {
      const written = await ownStore(ports).write(row, 1, { kind: "new" });
      const etag = written.kind === "written" ? written.etag : "";
      return ownStore(ports).write(row, 2, { kind: "match", etag });
    },
    readLive: (ports) => ownStore(ports).readLive(row.group),
    list: (ports) => ownStore(ports).list({ ...row, limit: 20 }),
    remove: (ports) => ownStore(ports).remove(row),
  },
};

const METHODS: readonly (readonly [method: string, ask: Ask])[] = Object.entries(EXERCISES).flatMap(
  ([port, asks]) =>
    Object.entries<Ask>(asks).map(([method, ask]) => [`${port}.${method}`, ask] as const),
);

function ownStore({ stores }: Ports): Store {
  const store = stores.get("neu");
  if (store === undefined) throw new Error("Cannot find our own store");
  return store;
}

interface Exercised {
  readonly kept: readonly OutwardCall[];
  readonly answer: unknown;
}

/** Asks one method of fresh adapters; what left the site for it, and what came of it. */
async function exercise(ask: Ask): Promise<Exercised> {
  const lab = createLab([], { groups: [group] });
  const kept: OutwardCall[] = [];
  const send = async () => ({ status: 200, text: "{}" });
  const watch = (own: SiteNetwork) => recordOutward(own, kept);
  const answer = await lab.run(ask(portsOnTheWire(lab, sites.neu, { send, watch })));
  return { kept, answer };
}

let recorded: ReadonlyMap<string, Exercised>;
beforeAll(async () => {
  const found = new Map<string, Exercised>();
  for (const [method, ask] of METHODS) found.set(method, await exercise(ask));
  recorded = found;
});

test("the published list has every call that an adapter makes, and no other", () => {
  const calls = new Map<string, Set<string>>();
  for (const [method, { kept }] of recorded) {
    for (const { call } of kept) calls.set(call, (calls.get(call) ?? new Set()).add(method));
  }
  const seen = [...calls].map(([call, by]) => ({ call, by: [...by].sort() }));
  const published = DESTINATIONS.flatMap(({ calls: those }) =>
    those.map(({ call, by }) => ({ call, by: [...by].sort() })),
  );
  expect(seen.sort(byCall)).toEqual(published.sort(byCall));
});

test.each(METHODS.map(([method]) => method))("%s goes out over the wire", (method) => {
  expect(recorded.get(method)?.kept).not.toEqual([]);
});

test("something of the simulated Azure answers each of them", () => {
  for (const [method, { kept }] of recorded) {
    for (const { call, answer } of kept) {
      const expected = EXPECTED_REFUSALS.find(([of]) => call.startsWith(of))?.[1] ?? [];
      const fine = /^(2\d\d|connected|said|10\.)/.test(answer) || expected.includes(answer);
      expect(fine, `${method}: ${call}: ${answer}`).toBe(true);
    }
  }
});

test("no SDK is asked for an answer whose bytes nobody counts", () => {
  for (const [method, { kept }] of recorded) {
    expect({ method, uncounted: kept.filter(({ counted }) => !counted) }).toEqual({
      method,
      uncounted: [],
    });
  }
});

/** Whatever opens a way out, with the files that may: each has a limit, or reads nothing. */
const WAYS_OUT: readonly (readonly [way: RegExp, files: readonly string[]])[] = [
  [/\bfetch\(/, ["http-send.ts"]],
  [
    /\bcreateDefaultHttpClient\(/,
    ["arm-exchange.ts", "azure-credential.ts", "key-probe.ts", "table-client.ts"],
  ],
  [
    /from "node:(?:net|tls|http|https|http2|dgram)"/,
    ["dial.ts", "session.ts", "slow-addresses.ts"],
  ],
  [/from "(?:tedious|undici|ws)"/, ["guarded-connection.ts", "session.ts"]],
];

test.each(WAYS_OUT)("%s stands in no file but those that count what comes", (way, files) => {
  const sources = readdirSync(SOURCE, { recursive: true, encoding: "utf8" });
  const found = sources.filter(
    (path) => path.endsWith(".ts") && way.test(readFileSync(new URL(path, SOURCE), "utf8")),
  );
  expect(found.map((path) => basename(path)).sort()).toEqual(files);
});

test.each([
  ["sql.look", { login: { kind: "ok" }, write: { kind: "ok" } }],
  ["sql.replication", { kind: "read" }],
  ["sql.updateability", { kind: "read" }],
  ["sql.write", true],
] as const)("the statements of %s mean something to the simulated instance", (method, expected) => {
  expect({ answer: recorded.get(method)?.answer }).toMatchObject({ answer: expected });
});

/** A failover is asked for while another runs; a vault asks who we are first; a store is empty at first, and has no table before it is written to. */
const EXPECTED_REFUSALS: readonly (readonly [call: string, answers: readonly string[]])[] = [
  ["POST https://management.azure.com", ["409 InstanceFailoverGroupBusy"]],
  ["GET https://{vault}", ["401 Unauthorized"]],
  ["POST https://{vault}", ["401 Unauthorized"]],
  ["GET https://{account}", ["404 ResourceNotFound", "404 TableNotFound"]],
  ["POST https://{account}", ["404 TableNotFound"]],
  ["DELETE https://{account}", ["404 TableNotFound"]],
];

function byCall(a: { readonly call: string }, b: { readonly call: string }): number {
  return a.call < b.call ? -1 : 1;
}
