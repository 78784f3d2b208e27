import { describe, expect, test } from "vitest";
import { StoreUnreachable } from "../../../../shared/ports/store.ts";
import { createMemoryStores } from "../../../../simulator/azure/port/memory-store.ts";
import type { Fault } from "../../../../simulator/faults.ts";
import { createLab, fault, MINUTE, sites } from "../../../contract/world-under-test.ts";

const key = { group: "orders-fog", kind: "claim", id: "a" };

function start(...faults: readonly Fault[]) {
  const lab = createLab(faults);
  const store = (from: keyof typeof sites, of: string) => {
    const found = createMemoryStores(lab.world, sites[from]).get(of);
    if (found === undefined) throw new Error(`Cannot find the store: ${of}`);
    return found;
  };
  return { ...lab, store };
}

describe("stores in the simulated world", () => {
  test("each site has its own, and every site reaches every one", async () => {
    const { run, store } = start();
    await run(store("neu", "neu").write(key, 1, { kind: "new" }));
    expect(await run(store("sec", "neu").read(key))).toMatchObject({ value: 1 });
    expect(await run(store("neu", "sec").read(key))).toBeNull();
  });

  test.each([
    ["store-down", { site: "neu" }],
    ["store-refuses", { site: "neu" }],
    ["region-dark", { region: "northeurope" }],
    ["partition", { from: "swedencentral", to: "northeurope" }],
    ["vantage-blind", { site: "sec" }],
  ] as const)("%s: it throws, and nothing was written", async (what, more) => {
    const { run, pass, store } = start(fault(what, { ...more, for: MINUTE }));
    const other = store("sec", "neu");
    const write = run(other.write(key, 1, { kind: "new" }));
    await expect(write).rejects.toBeInstanceOf(StoreUnreachable);
    await expect(run(other.readLive(key.group))).rejects.toBeInstanceOf(StoreUnreachable);
    await pass(MINUTE);
    expect(await run(other.read(key))).toBeNull();
  });

  test("one that is slow takes writes later", async () => {
    const { run, store, clock } = start(fault("store-write-late", { site: "neu", ms: 3_000 }));
    const before = clock.now();
    await run(store("neu", "neu").write(key, 1, { kind: "new" }));
    expect(clock.now() - before).toBeCloseTo(3_000, -2);
    expect(await run(store("neu", "neu").read(key))).toMatchObject({ value: 1 });
  });

  test("a write whose answer was lost has happened all the same", async () => {
    const { run, store } = start(fault("store-answer-lost", { site: "neu" }));
    const write = run(store("neu", "neu").write(key, 1, { kind: "new" }));
    await expect(write).rejects.toBeInstanceOf(StoreUnreachable);
    expect(await run(store("neu", "neu").read(key))).toMatchObject({ value: 1 });
  });

  test("a lost write has not happened, and nobody is told", async () => {
    const { run, pass, store } = start(fault("store-write-lost", { site: "neu" }));
    const write = run(store("neu", "neu").write(key, 1, { kind: "new" }));
    await expect(write).rejects.toBeInstanceOf(StoreUnreachable);
    await pass(MINUTE);
    expect(await run(store("neu", "neu").read(key))).toBeNull();
  });

  test("a late write happens when its caller has long given up, under the condition as it is then", async () => {
    const { run, pass, store } = start(fault("store-write-late", { site: "neu", ms: 20_000 }));
    const own = store("neu", "neu");
    await expect(run(own.write(key, 1, { kind: "new" }))).rejects.toBeInstanceOf(StoreUnreachable);
    expect(await run(own.read(key))).toBeNull();
    await expect(run(own.write(key, 2, { kind: "new" }))).rejects.toBeInstanceOf(StoreUnreachable);
    await pass(MINUTE);
    expect(await run(own.read(key))).toMatchObject({ value: 1 });
  });

  test("who writes under a condition may find that another was quicker", async () => {
    const { run, store } = start(fault("store-conflict", { site: "neu", share: 1 }));
    const own = store("neu", "neu");
    const written = await run(own.write(key, 1, { kind: "new" }));
    const etag = written.kind === "written" ? written.etag : "";
    expect(await run(own.write(key, 2, { kind: "match", etag }))).toEqual({ kind: "conflict" });
    expect(await run(own.read(key))).toMatchObject({ value: 1 });
  });
});
