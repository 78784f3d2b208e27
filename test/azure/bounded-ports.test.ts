// Whatever is beneath them, the ports answer: nobody above them keeps a clock of their own.

import { VirtualClock } from "functions-host/clock";
import { describe, expect, test } from "vitest";
import { createAzurePorts, type Ways } from "../../shared/azure/azure-ports.ts";
import type { OutgoingEvent } from "../../shared/domain/event.ts";
import type { Group } from "../../shared/domain/group.ts";
import type { Ports } from "../../shared/ports/ports.ts";
import { LOADED_SDKS } from "../../simulator/loaded-sdks.ts";
import { configOf, START } from "../support/simulated-sites.ts";

const { self, sites, groups } = configOf();
const [first] = groups;
if (first === undefined) throw new Error("Cannot test: the configuration has no group");
const group: Group = {
  ...first,
  application: {
    successRatio: "app-insights:33333333-0000-0000-0000-000000000000/shop/checkout",
    floor: 0.9,
    capacityAtTarget: "https://shop.example.net/capacity",
  },
};
const { home, partner } = group;
const target = { fqdn: home.fqdn, timeoutMs: 6_000 };
const pollUrl = "https://management.azure.com/subscriptions/1/poll";
const READ_MS = 7_500;

const EVENT: OutgoingEvent = {
  ...{ id: "inc-1~page~once", type: "page", group: group.name, incidentId: "inc-1" },
  ...{ at: START, urgent: true, text: "x", data: {} },
};

const calls: readonly (readonly [
  what: string,
  mostMs: number,
  ask: (ports: Ports) => Promise<unknown>,
])[] = [
  ["reading the group", READ_MS, (p) => p.failoverGroups.read(group.name, partner)],
  ["polling a failover", READ_MS, (p) => p.failoverGroups.poll({ to: partner, ticket: pollUrl })],
  [
    "asking for a failover",
    20_000,
    (p) =>
      p.failoverGroups.failOver({ group: group.name, from: home, to: partner, kind: "forced" }),
  ],
  ["reading an instance", READ_MS, (p) => p.instances.read(home)],
  ["reading what runs on an instance", READ_MS, (p) => p.instances.runningOperation(home)],
  ["reading closed databases", READ_MS, (p) => p.instances.inaccessibleDatabases(home)],
  ["beginning a check of the key", READ_MS, (p) => p.keyPath.start(partner)],
  ["polling a check of the key", READ_MS, (p) => p.keyPath.poll(partner, pollUrl)],
  ["the word of the application", READ_MS, (p) => p.signals.application(group)],
  ["capacity on the other side", READ_MS, (p) => p.signals.capacityAt(group, "partner")],
  ["the activity log", READ_MS, (p) => p.signals.activity(group, 60_000)],
  ["advice of the platform", READ_MS, (p) => p.signals.advice(group, "home")],
  ["a look", 6_000, (p) => p.sql.look(target, "orders")],
  ["reading replication", 6_000, (p) => p.sql.replication(target)],
  ["reading who takes writes", 6_000, (p) => p.sql.updateability(target)],
  ["a write", 6_000, (p) => p.sql.write(target, "orders")],
  ["a reference that is a port", 6_000, (p) => p.references.reach("ref.example.net:1433", 6_000)],
  [
    "a reference that is a page",
    6_000,
    (p) => p.references.reach("https://ref.example.net", 6_000),
  ],
  ["asking another site", 6_000, (p) => p.peers.observe(self, group.name, 6_000)],
  ["another site's tick", 6_000, (p) => p.peers.tick(self, 6_000)],
  ["telling people", 8_000, (p) => p.notifier.send(EVENT)],
  ["the token at hand", READ_MS, (p) => p.identity.tokenGoodForMs()],
];

/** Everything beneath the ports does the same: hang, or throw; a credential may work all the while. */
function portsOver(clock: VirtualClock, beneath: () => Promise<never>, token: boolean): Ports {
  const ways: Ways = {
    httpClient: { sendRequest: beneath },
    fetch: beneath,
    resolveName: beneath,
    dialReference: beneath,
    sql: { dial: beneath, encryption: { kind: "none" } },
  };
  const good = async () => ({ token: "t", expiresOnTimestamp: START + 3_600_000 });
  return createAzurePorts(
    { self, sites, notify: { webhook: "https://hooks.example.net/x" } },
    {
      ...{ clock, ways, sdks: LOADED_SDKS, ownIds: [] },
      credential: { getToken: token ? good : beneath },
      addressOf: () => ({ kind: "endpoint", url: "https://tables.example.net" }),
      keyOf: () => null,
      log: () => undefined,
      newId: () => "id",
    },
  );
}

const hangs = (): Promise<never> => new Promise(() => undefined);
const throws = (): Promise<never> => Promise.reject(new Error("Cannot: a secret address"));

describe.each([
  ["all beneath hangs", hangs, true],
  ["all beneath throws", throws, true],
  ["tokens hang as well", hangs, false],
  ["tokens throw as well", throws, false],
] as const)("where %s", (_, beneath, token) => {
  test.each(calls)("%s ends in time and does not throw", async (_what, mostMs, ask) => {
    const clock = new VirtualClock(START);
    let endedAt: number | null = null;
    const answer = ask(portsOver(clock, beneath, token)).then((value) => {
      endedAt = clock.now();
      return value;
    });
    await clock.runUntil(() => endedAt !== null || clock.now() > START + 60_000);
    expect(endedAt).not.toBeNull();
    expect((endedAt ?? 0) - START).toBeLessThanOrEqual(mostMs);
    expect(JSON.stringify(await answer) ?? "").not.toContain("secret");
  });
});
