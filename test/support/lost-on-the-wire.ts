// Three sites behind the real adapters, and a region that is lost: the rules are about to force. A test says
// otherwise in one answer of the outside, and sees what becomes of the decision.

import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { VirtualClock } from "functions-host/clock";
import type { App } from "../../functions/app.ts";
import { lookAndJudge } from "../../functions/deciding/decide-now.ts";
import { reportForPeers } from "../../functions/seeing/report-for-peers.ts";
import { watchGroup } from "../../functions/seeing/watch-group.ts";
import type { SendRequest } from "../../shared/azure/peers.ts";
import { Facts } from "../../shared/domain/facts.ts";
import type { Group } from "../../shared/domain/group.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import type { Decided } from "../../shared/domain/receipt.ts";
import { createStores, readOwn } from "../../shared/ledger/group-ledger.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { createWorld } from "../../simulator/azure/world/create-world.ts";
import type { SiteNetwork } from "../../simulator/site-network.ts";
import { portsOnTheWire } from "../contract/ports-on-the-wire.ts";
import { sites, group as whole } from "../contract/world-under-test.ts";
import { checkKey } from "./activity-bench.ts";
import { MINUTE, outage, policy, SECOND } from "./facts.ts";
import { incident } from "./ledger-rows.ts";
import { configOf, START } from "./simulated-sites.ts";

/** What the outside says instead of what it would have said; null, or nothing: as it would. */
export interface Meddling {
  /** What an answer to the SDKs says, instead of this. */
  readonly answer?: (url: string, said: Said) => Said;
  /** Ends a connection to an instance, as it is made or after its first bytes. */
  readonly dial?: (
    host: string,
  ) => { readonly error: unknown; readonly after: "dial" | "bytes" } | null;
  /** Ends a connection to a reference. */
  readonly reference?: (host: string) => unknown;
  /** Ends a request by `fetch`. */
  readonly fetch?: (url: string) => unknown;
  /** What a peer's report says, instead of this. */
  readonly report?: (site: string, text: string) => string;
}
export interface Said {
  readonly status: number;
  readonly body: string;
}

export interface LostRegion {
  readonly group: Group;
  readonly app: App;
  /** One round of the motor, with this said by the outside. */
  decide(meddling: Meddling): Promise<Decided>;
}

const NOTHING: Meddling = {};

export const lostGroup: Group = {
  ...whole,
  application: {
    successRatio: whole.application?.successRatio ?? "",
    floor: 0.5,
    capacityAtTarget: "https://orders.example.net/capacity",
  },
  // A proof is not to grow old while a test goes on.
  policy: policy({ keyProofMs: 10_000 * MINUTE }),
};

/** Ready to force: every decision after this is of a round of its own, in an incident whose grace is over. */
export async function loseRegionOnTheWire(): Promise<LostRegion> {
  const clock = new VirtualClock(START);
  const places = Object.values(sites);
  const world = createWorld({ clock, seed: 7, groups: [lostGroup], sites: places });
  const apps = new Map<string, App>();
  let said = NOTHING;
  const run = async <T>(work: Promise<T>): Promise<T> => {
    let over = false;
    const end = (): void => {
      over = true;
    };
    work.then(end, end);
    await clock.runUntil(() => over);
    return work;
  };
  const send: SendRequest = async ({ url }) => {
    const site = places.find((place) => url.startsWith(place.url));
    const app = apps.get(site?.name ?? "");
    if (site === undefined || app === undefined || !world.siteRuns(site.name))
      throw new Error("none");
    const text = JSON.stringify(await reportForPeers(app, lostGroup));
    return { status: 200, text: said.report?.(site.name, text) ?? text };
  };
  for (const self of places) {
    const config = { ...configOf(), self, sites: places, groups: [lostGroup] };
    const watch = (own: SiteNetwork): SiteNetwork => meddled(own, () => said);
    const ports = portsOnTheWire({ world, clock }, self, { send, watch });
    apps.set(self.name, { config, ports, stores: createStores(config, ports.stores, clock) });
  }
  const app = apps.get("neu");
  if (app === undefined) throw new Error("Cannot lose a region: no site is left");
  for (let tick = 0; tick < 4; tick++) {
    for (const each of apps.values()) {
      const ledger = each.stores.of(lostGroup);
      await run(readOwn(ledger).then((view) => watchGroup(each, ledger, view)));
    }
    await run(checkKey(app, lostGroup));
    await clock.runUntil(clock.now() + 10 * SECOND);
  }
  const ledger = app.stores.of(lostGroup);
  const { samples } = (await run(readOwn(ledger))).watch;
  world.inject({ fault: "region-dark", region: lostGroup.home.region, at: 0 });
  await clock.runUntil(clock.now() + 6 * MINUTE);
  const decide = async (meddling: Meddling): Promise<Decided> => {
    // What the round before has seen is older than any look that counts.
    await clock.runUntil(clock.now() + 2 * MINUTE);
    const [view, target] = await run(
      Promise.all([readOwn(ledger), readLive(ledger.target("home"))]),
    );
    const incident = graceOver(samples, clock.now());
    said = meddling;
    const decided = await run(
      lookAndJudge(app, {
        ...{
          ledger,
          view,
          inHand: [target],
          purpose: "fail-over",
          checksKey: false,
          sharesLook: false,
        },
        ...{ workId: incident.id, incident, call: null },
      }),
    );
    said = NOTHING;
    // Whatever was said, it can be written down: what cannot would end every round in an error.
    Facts.parse(decided.facts);
    return decided;
  };
  return { group: lostGroup, app, decide };
}

/** An incident that has waited for its grace, up to this instant. */
function graceOver(samples: Incident["samples"], now: number): Incident {
  const onsetAt = now - 6 * MINUTE;
  return incident({
    group: lostGroup.name,
    openedAt: onsetAt,
    heartbeatAt: now,
    outage: outage({ onsetAt, lastDownAt: now - SECOND }),
    countedUntilAt: now,
    samples: samples.map((each) => ({ ...each, measuredAt: onsetAt - 10 * SECOND, lagSeconds: 0 })),
  });
}

function meddled(own: SiteNetwork, said: () => Meddling): SiteNetwork {
  return {
    ...own,
    httpClient: {
      sendRequest: async (request): Promise<PipelineResponse> => {
        const real = await own.httpClient.sendRequest(request);
        const { status, bodyAsText: body } = real;
        const change = said().answer?.(request.url, { status, body: body ?? "" });
        return change === undefined
          ? real
          : { ...real, status: change.status, bodyAsText: change.body };
      },
    },
    fetch: async (url, init) => {
      const error = said().fetch?.(url) ?? null;
      if (error !== null) throw error;
      return own.fetch(url, init);
    },
    dialReference: async (address, signal) => {
      const error = said().reference?.(address.host) ?? null;
      if (error !== null) throw error;
      return own.dialReference(address, signal);
    },
    sql: {
      ...own.sql,
      dial: async (address, signal) => {
        const end = said().dial?.(address.host) ?? null;
        if (end === null) return own.sql.dial(address, signal);
        if (end.after === "dial") throw end.error;
        const socket = await own.sql.dial({ ...address, host: lostGroup.partner.fqdn }, signal);
        const { write } = socket;
        Object.defineProperty(socket, "write", {
          value: (...args: unknown[]): unknown => {
            setImmediate(() => socket.destroy(end.error as Error));
            return Reflect.apply(write, socket, args);
          },
        });
        return socket;
      },
    },
  };
}
