// A pause and a request of the same moment, step against step, with slow stores and a slow Azure.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createPostFailover } from "../../../functions/activities/post-failover.ts";
import type { App } from "../../../functions/app.ts";
import { type TakenPause, takePause } from "../../../functions/keeping/take-pause.ts";
import { createStores } from "../../../shared/ledger/group-ledger.ts";
import type { Store } from "../../../shared/ports/store.ts";
import { type Bench, claimFirst, startBench } from "../../support/activity-bench.ts";
import { acceptedPosts, GROUP, SECOND } from "../../support/simulated-sites.ts";
import { THOROUGH } from "../../support/thorough.ts";

const Interleaving = fc.record({
  /** When the pause comes, from before the request is begun until it is answered. */
  pausedAtMs: fc.integer({ min: -500, max: 14_000 }),
  armMs: fc.constantFrom(0, 1_000, 3_000),
  pausedBy: fc.constantFrom("neu" as const, "sec" as const, "sec" as const),
  everyGroup: fc.boolean(),
  /** How long the next calls of each site to a store take, before and after they take effect. */
  neuMs: fc.infiniteStream(fc.constantFrom(0, 20, 400, 1_900)),
  secMs: fc.infiniteStream(fc.constantFrom(0, 20, 400)),
});

/** The site's stores, each of whose calls takes a while to get there, and a while to come back. */
function slowed(app: App, delays: Iterator<number>): App {
  const { clock } = app.ports;
  const slow = (store: Store): Store => {
    const slowly = async <T>(work: () => Promise<T>): Promise<T> => {
      await clock.sleep(delays.next().value);
      const answer = await work();
      await clock.sleep(delays.next().value);
      return answer;
    };
    return {
      site: store.site,
      read: (key) => slowly(() => store.read(key)),
      write: (key, value, condition) => slowly(() => store.write(key, value, condition)),
      readLive: (group) => slowly(() => store.readLive(group)),
      list: (query) => slowly(() => store.list(query)),
      remove: (key, etag) => slowly(() => store.remove(key, etag)),
    };
  };
  const stores = new Map([...app.ports.stores].map(([site, store]) => [site, slow(store)]));
  return { ...app, stores: createStores(app.config, stores, clock) };
}

async function pauseOver(app: App, bench: Bench, everyGroup: boolean): Promise<TakenPause> {
  const claims = app.stores.of(bench.group).both("home");
  const books = everyGroup
    ? app.stores.all.filter(({ site }) => claims.some((claim) => claim.site === site))
    : claims;
  const scope = everyGroup ? "*" : GROUP;
  const pausedAt = bench.clock.now();
  const pause = { scope, reason: "stop", owner: "kim", pausedAt, expiresAt: null };
  return takePause(app, { pause, principal: null, books, claims });
}

test("a pause that is sure that nothing is sent is followed by no request", async () => {
  const seen = { sure: 0, out: 0, held: 0 };
  await fc.assert(
    fc.asyncProperty(Interleaving, async (given) => {
      const bench = await startBench();
      const claimed = await claimFirst(bench, { fault: "instance-down", on: "home", at: 0 });
      const { world, clock } = bench;
      if (given.armMs > 0) world.inject({ fault: "arm-slow", ms: given.armMs, at: 0 });
      const sites = {
        neu: slowed(bench.neu, given.neuMs[Symbol.iterator]()),
        sec: slowed(bench.sec, given.secMs[Symbol.iterator]()),
      };
      const pausing = sites[given.pausedBy];
      const wait = 500;
      const post = clock
        .sleep(wait)
        .then(() => createPostFailover(sites.neu)({ ...claimed.work, epoch: claimed.epoch }));
      const paused = clock.sleep(wait + given.pausedAtMs).then(async () => {
        const taken = await pauseOver(pausing, bench, given.everyGroup);
        const requestsBefore = world.record.posts.length;
        return { ...taken, requestsBefore };
      });
      const [, taken] = await bench.run(Promise.all([post, paused]));
      await bench.pass(30 * SECOND);
      const sure = taken.missingAt.length === 0 && taken.requests.length === 0;
      const { length } = world.record.posts;
      if (sure) {
        seen.sure += 1;
        // A request that was answered before is no secret: its claim has ended.
        expect(length).toBe(taken.requestsBefore);
      } else seen.out += 1;
      if (acceptedPosts(world).length === 0) seen.held += 1;
    }),
    { seed: 7, numRuns: THOROUGH ? 2_000 : 50 },
  );
  expect(Math.min(seen.sure, seen.out, seen.held)).toBeGreaterThan(5);
});
