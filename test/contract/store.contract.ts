import { beforeAll, describe, expect, test } from "vitest";
import type { RowKey, Store } from "../../shared/ports/store.ts";

/** A store to try, and a hand that a newer release of this product would have. */
export interface StoreUnderTest {
  readonly store: Store;
  putNewerRow(key: RowKey, schemaVersion: number): Promise<void>;
}

const GROUP = "orders-fog";
let keys = 0;

function newKey(kind = "claim"): RowKey {
  return { group: GROUP, kind, id: `row-${++keys}` };
}

async function write(store: Store, key: RowKey, value: unknown): Promise<string> {
  const answer = await store.write(key, value, { kind: "new" });
  if (answer.kind !== "written") throw new Error(`Cannot write ${key.id}: it is there`);
  return answer.etag;
}

async function idsOf(store: Store, query: Parameters<Store["list"]>[0]): Promise<string[]> {
  return (await store.list(query)).map((row) => row.key.id);
}

/** What every store promises, whatever keeps its rows. */
export function storeContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let store: Store;
    let putNewerRow: StoreUnderTest["putNewerRow"];
    beforeAll(async () => {
      ({ store, putNewerRow } = await open());
    });

    describe("reading and writing", () => {
      test("a row that nobody wrote is not there", async () => {
        expect(await store.read(newKey())).toBeNull();
        expect(await store.list({ group: "no-such-group", kind: "audit", limit: 9 })).toEqual([]);
        expect(await store.readLive("no-such-group")).toEqual([]);
      });

      test("what was written is read back as it was", async () => {
        const key = newKey();
        const value = { text: "Größe 'n' \"so\"", none: null, deep: [{ at: 1.5 }, []], yes: true };
        const etag = await write(store, key, value);
        expect(await store.read(key)).toEqual({ kind: "row", key, value, etag });
      });

      test.each([31_999, 32_000, 32_001, 160_000])(
        "a value of %i signs comes back whole",
        async (length) => {
          const key = newKey("receipt");
          const value = { plain: "x".repeat(length), pairs: "😀".repeat(length / 20) };
          await write(store, key, value);
          const row = await store.read(key);
          // Compared as a whole: the difference of two long texts says nothing.
          const same = row?.kind === "row" && JSON.stringify(row.value) === JSON.stringify(value);
          expect(same).toBe(true);
        },
      );

      test("a value that shrinks leaves nothing of the longer one behind", async () => {
        const key = newKey("receipt");
        const etag = await write(store, key, "y".repeat(100_000));
        await store.write(key, "short", { kind: "match", etag });
        expect(await store.read(key)).toMatchObject({ value: "short" });
      });
    });

    describe("conditions", () => {
      test("a row that is there cannot be new", async () => {
        const key = newKey();
        await write(store, key, 1);
        expect(await store.write(key, 2, { kind: "new" })).toEqual({ kind: "conflict" });
        expect(await store.read(key)).toMatchObject({ value: 1 });
      });

      test("of two writers with one ETag the second is refused", async () => {
        const key = newKey();
        const etag = await write(store, key, 1);
        const first = await store.write(key, 2, { kind: "match", etag });
        expect(first).toMatchObject({ kind: "written" });
        expect(first).not.toMatchObject({ etag });
        expect(await store.write(key, 3, { kind: "match", etag })).toEqual({ kind: "conflict" });
        expect(await store.read(key)).toMatchObject({ value: 2 });
      });

      test("of many writers at once exactly one is first", async () => {
        const key = newKey();
        const answers = await Promise.all(
          Array.from({ length: 12 }, (_, n) => store.write(key, n, { kind: "new" })),
        );
        expect(answers.filter((answer) => answer.kind === "written")).toHaveLength(1);
        const row = await store.read(key);
        expect(row).toMatchObject({ value: answers.findIndex((a) => a.kind === "written") });
      });

      test("a row that is not there matches no ETag", async () => {
        const etag = await write(store, newKey(), 1);
        const key = newKey();
        expect(await store.write(key, 2, { kind: "match", etag })).toEqual({ kind: "conflict" });
        expect(await store.read(key)).toBeNull();
      });

      test("a value larger than a row may be is refused, and what was there stays", async () => {
        const key = newKey();
        const etag = await write(store, key, 1);
        const large = store.write(key, "x".repeat(500_000), { kind: "match", etag });
        expect(await large).toEqual({ kind: "too-large" });
        expect(await store.read(key)).toMatchObject({ value: 1 });
      });

      test("a row that was taken away is gone, and taking it away again is no fault", async () => {
        const key = newKey();
        const etag = await write(store, key, 1);
        await store.remove(key);
        await store.remove(key);
        expect(await store.read(key)).toBeNull();
        expect(await store.write(key, 2, { kind: "match", etag })).toEqual({ kind: "conflict" });
        expect(await store.write(key, 3, { kind: "new" })).toMatchObject({ kind: "written" });
      });
    });

    describe("taking a row away as it was seen", () => {
      test("goes where nobody has written it since, and is no fault where it is gone", async () => {
        const key = newKey();
        const etag = await write(store, key, 1);
        expect(await store.remove(key, etag)).toBe("removed");
        expect(await store.remove(key, etag)).toBe("removed");
        expect(await store.read(key)).toBeNull();
      });

      test("where somebody has: it stays", async () => {
        const key = newKey();
        const etag = await write(store, key, 1);
        await store.write(key, 2, { kind: "match", etag });
        expect(await store.remove(key, etag)).toBe("conflict");
        expect(await store.read(key)).toMatchObject({ value: 2 });
      });
    });

    describe("listing", () => {
      test("rows come in order of id, from any id on, as many as were asked for", async () => {
        const kind = "audit";
        const group = "listed-fog";
        for (const id of ["b-10", "a~2", "b-1", "Z_9", "a-3"])
          await write(store, { group, kind, id }, id);
        const ids = ["Z_9", "a-3", "a~2", "b-1", "b-10"];
        expect(await idsOf(store, { group, kind, limit: 9 })).toEqual(ids);
        expect(await idsOf(store, { group, kind, limit: 2 })).toEqual(ids.slice(0, 2));
        expect(await idsOf(store, { group, kind, from: "a~", limit: 2 })).toEqual(["a~2", "b-1"]);
        expect(await idsOf(store, { group, kind, from: "b-1", limit: 9 })).toEqual(["b-1", "b-10"]);
        expect(await idsOf(store, { group, kind, limit: 0 })).toEqual([]);
      });

      test("rows of other kinds and groups stay out, however alike their names", async () => {
        const key = { group: "alike", kind: "call", id: "1" };
        await write(store, key, "ours");
        const others = [
          { ...key, kind: "call-answer" },
          { ...key, kind: "cal" },
          { ...key, kind: "calls" },
          { ...key, group: "alike-too" },
        ];
        for (const other of others) await write(store, other, "theirs");
        expect(await store.list({ group: "alike", kind: "call", limit: 9 })).toMatchObject([
          { value: "ours" },
        ]);
      });

      test("live rows of a group are read at once, whatever kinds they are of, and nothing else", async () => {
        const group = "living-fog";
        const kinds = ["watch", "claim", "ask", "pause", "role-change"];
        for (const kind of kinds) await write(store, { group, kind, id: "1" }, kind);
        for (const kind of ["audit", "event", "living", "call"])
          await write(store, { group, kind, id: "1" }, kind);
        await write(store, { group: "living-fog-2", kind: "watch", id: "1" }, "theirs");
        const live = await store.readLive(group);
        expect(live.map(({ key }) => key.kind).sort()).toEqual(kinds.toSorted());
        for (const row of live) {
          expect(row).toMatchObject({ value: row.key.kind, key: { group, id: "1" } });
          expect(await store.read(row.key)).toEqual(row);
        }
      });

      test("the newest twenty are one answer, and all are there", { timeout: 30_000 }, async () => {
        const ids = Array.from({ length: 1_005 }, (_, n) => `r${String(n).padStart(4, "0")}`);
        for (let from = 0; from < ids.length; from += 50) {
          const some = ids.slice(from, from + 50);
          await Promise.all(
            some.map((id) => write(store, { group: "full", kind: "event", id }, id)),
          );
        }
        const query = { group: "full", kind: "event" };
        expect(await idsOf(store, { ...query, limit: 20 })).toEqual(ids.slice(0, 20));
        expect(await idsOf(store, { ...query, limit: 2_000 })).toEqual(ids);
      });
    });

    describe("rows of a newer release", () => {
      test("are seen as such, alone and among the live ones; only who has their ETag takes their place", async () => {
        const key = { group: "newer-fog", kind: "pause", id: "pause" };
        await putNewerRow(key, 7);
        const row = await store.read(key);
        expect(row).toMatchObject({ kind: "newer", key, schemaVersion: 7 });
        expect(await store.readLive(key.group)).toEqual([row]);
        expect(await store.write(key, 1, { kind: "new" })).toEqual({ kind: "conflict" });
        expect(await store.read(key)).toEqual(row);
        const etag = row?.etag ?? "";
        expect(await store.write(key, 1, { kind: "match", etag })).toMatchObject({
          kind: "written",
        });
        expect(await store.read(key)).toMatchObject({ kind: "row", value: 1 });
      });
    });
  });
}
