// Whoever finds a claim spent must find written down what became of it, by which rule and for whom.

import { beforeEach, describe, expect, test } from "vitest";
import { createPollOperation } from "../../../functions/activities/poll-operation.ts";
import { createPostFailover } from "../../../functions/activities/post-failover.ts";
import type { App } from "../../../functions/app.ts";
import type { AuditEntry } from "../../../shared/domain/event.ts";
import { createStores } from "../../../shared/ledger/group-ledger.ts";
import { changeIncident } from "../../../shared/ledger/incidents.ts";
import type { RowKey, Store } from "../../../shared/ports/store.ts";
import {
  type Bench,
  type Claimed,
  claimFor,
  lookUntil,
  loseRegion,
  startBench,
} from "../../support/activity-bench.ts";
import { acceptedPosts, MINUTE, SECOND } from "../../support/simulated-sites.ts";
import { auditIn, claimIn } from "../../support/stored.ts";

type Written = (key: RowKey) => Promise<void>;

/** The leading site with its own store watched: `written` runs before a write is answered. */
function withStore({ neu }: Bench, written: Written): App {
  const stores = new Map(
    [...neu.ports.stores].map(([site, store]) => [
      site,
      site === neu.config.self.name ? watched(store, written) : store,
    ]),
  );
  return {
    ...neu,
    ports: { ...neu.ports, stores },
    stores: createStores(neu.config, stores, neu.ports.clock),
  };
}

function watched(store: Store, written: Written): Store {
  return {
    ...store,
    write: async (key, value, condition) => {
      const answer = await store.write(key, value, condition);
      await written(key);
      return answer;
    },
  };
}

describe.each([
  { by: "the rules", rule: "primary-lost", actor: "geo-failover" },
  { by: "a person's call", rule: "call-accepted", actor: "kim" },
])("a failover decided by $by", ({ rule, actor }) => {
  let bench: Bench;
  let claimed: Claimed;
  beforeEach(async () => {
    bench = await startBench();
    const work = await loseRegion(bench);
    if (actor === "kim") await bench.run(callFor(bench, work));
    const seen = await lookUntil(bench, work, "fail-over");
    claimed = { work, seen, epoch: await claimFor(bench, work, seen) };
  });

  /** Runs the work, and checks at every write that a claim that is spent has its audit entry. */
  async function runWatched(
    action: string,
    create: (app: App) => (input: Claimed["work"] & { epoch: number }) => Promise<unknown>,
  ): Promise<AuditEntry | undefined> {
    const entry = () => auditIn(bench.world).find((row) => row.action === action);
    const auditedWhenSpent: boolean[] = [];
    const app = withStore(bench, async () => {
      if (claimIn(bench.world)?.state === "spent") auditedWhenSpent.push(entry() !== undefined);
    });
    await bench.run(create(app)({ ...claimed.work, epoch: claimed.epoch }));
    expect(auditedWhenSpent).not.toEqual([]);
    expect(auditedWhenSpent).not.toContain(false);
    return entry();
  }

  test("refused: written down before the claim is spent, by that rule and for that actor", async () => {
    const code = "AuthorizationFailed";
    bench.world.inject({ fault: "arm-refuses", region: "northeurope", code, at: 0 });
    const entry = await runWatched("post-refused", createPostFailover);
    expect(entry).toMatchObject({ rule, actor, receiptId: claimed.seen.decisionId });
    expect(entry?.detail).toMatchObject({ code, kind: "forced" });
    expect(claimIn(bench.world)).toMatchObject({ state: "spent", spentBecause: "refused", code });
  });

  test("moved: written down before the claim is spent, by that rule and for that actor", async () => {
    await bench.run(createPostFailover(bench.neu)({ ...claimed.work, epoch: claimed.epoch }));
    await bench.pass(MINUTE);
    const entry = await runWatched("claim-moved", createPollOperation);
    expect(entry).toMatchObject({ rule, actor, receiptId: claimed.seen.decisionId });
    expect(claimIn(bench.world)).toMatchObject({ state: "spent", spentBecause: "moved" });
    expect(acceptedPosts(bench.world)).toHaveLength(1);
  });

  test.each(["claim", "audit", "incident"])(
    "the worker stands still after writing its %s row, until the claim's time is over: nothing is sent",
    async (kind) => {
      let stood = false;
      const app = withStore(bench, async (key) => {
        if (stood || key.kind !== kind || claimIn(bench.world)?.state !== "sent") return;
        stood = true;
        await bench.clock.sleep(31 * SECOND);
      });
      const post = createPostFailover(app)({ ...claimed.work, epoch: claimed.epoch });
      expect(await bench.run(post)).toEqual({ kind: "too-late" });
      expect(stood).toBe(true);
      expect(bench.world.record.posts).toEqual([]);
      expect(claimIn(bench.world)).toMatchObject({ state: "spent", spentBecause: "not-sent" });
      const audited = auditIn(bench.world).find(({ action }) => action === "post-not-sent");
      expect(audited).toMatchObject({ rule, actor, detail: { because: "too-late" } });
    },
  );
});

/** A person forces it, accepting whatever is not known. */
function callFor({ neu, group, clock }: Bench, work: Claimed["work"]) {
  const calledAt = clock.now();
  return changeIncident(neu.stores.of(group).target("home"), work, (row) => ({
    ...row,
    call: {
      id: "call-1",
      purpose: "fail-over",
      kind: "forced",
      accepts: ["loss-over-budget", "loss-unknown", "key-unknown", "cooldown"],
      reason: "customers wait",
      actor: { name: "kim", proof: "claimed" },
      calledAt,
      expiresAt: calledAt + 30 * MINUTE,
    },
  }));
}
