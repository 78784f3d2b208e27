import { describe, expect, test } from "vitest";
import type { Site } from "../../shared/domain/group.ts";
import type { Sql } from "../../shared/ports/sql.ts";
import type { Fault } from "../../simulator/faults.ts";
import {
  createLab,
  fault,
  group,
  home,
  type Lab,
  partner,
  SECOND,
  sites,
} from "./world-under-test.ts";

const timeoutMs = 8 * SECOND;
const primary = { fqdn: home.fqdn, timeoutMs };
const secondary = { fqdn: partner.fqdn, timeoutMs };
const listener = { fqdn: `${group.name}.abc123.database.windows.net`, timeoutMs };
const ok = { kind: "ok" };
const notAsked = { kind: "not-asked" };

/** What any way to the instances over SQL must do. */
export function sqlContract(name: string, make: (lab: Lab, site: Site) => Sql): void {
  const start = (...faults: readonly Fault[]): Lab & { sql: Sql } => {
    const lab = createLab(faults);
    return { ...lab, sql: make(lab, sites.neu) };
  };

  describe(name, () => {
    test("a healthy primary takes the write; the secondary refuses it as read-only", async () => {
      const { run, sql } = start();
      const databases = [
        { name: "orders", state: "online" },
        { name: "reports", state: "online" },
      ];
      const healthy = await run(sql.look(primary, "orders"));
      expect(healthy).toMatchObject({ login: ok, write: ok, master: notAsked, databases });
      const other = await run(sql.look(secondary, "orders"));
      expect(other).toMatchObject({
        login: ok,
        write: { kind: "error", number: 3906 },
        master: ok,
      });
    });

    test("without a canary nothing is written", async () => {
      const { run, sql } = start();
      expect(await run(sql.look(primary, null))).toMatchObject({ login: ok, write: notAsked });
    });

    test.each([
      ["region-dark", { region: home.region }],
      ["region-isolated", { region: home.region }],
      ["partition", { from: "northeurope", to: "westeurope" }],
      ["instance-down", { on: "home" }],
      ["vantage-blind", { site: "neu" }],
    ] as const)("%s: no answer, and never later than the deadline", async (what, more) => {
      const { run, clock, sql } = start(fault(what, more));
      const startedAt = clock.now();
      const look = await run(sql.look(primary, "orders"));
      expect(look).toMatchObject({ login: { kind: "timeout", phase: "connect" }, write: notAsked });
      expect(clock.now() - startedAt).toBe(timeoutMs);
      expect(await run(sql.write(primary, "orders"))).toBe(false);
      const reading = await run(sql.replication(primary));
      expect(reading).toEqual({ kind: "unknown", because: "timeout" });
    });

    test("refused, unnamed and tokenless are told apart from silence", async () => {
      const refused = start(fault("instance-down", { on: "home", how: "refused" }));
      const noName = start(fault("dns-fail"));
      const noToken = start(fault("identity-down", { tokenGoodFor: 0 }));
      const kinds: string[] = [];
      for (const { run, sql } of [refused, noName, noToken]) {
        kinds.push((await run(sql.look(primary, "orders"))).login.kind);
      }
      expect(kinds).toEqual(["unreachable", "no-name", "no-token"]);
    });

    test("an error of the whole instance is master's error too", async () => {
      const { run, sql } = start(fault("sql-error", { on: "home", number: 40613 }));
      const look = await run(sql.look(primary, "orders"));
      const error = { kind: "error", number: 40613 };
      expect(look).toMatchObject({ login: error, write: notAsked, master: error, databases: null });
      expect(await run(sql.updateability(primary))).toMatchObject({
        because: "error",
        number: 40613,
      });
    });

    test("one database that does not open leaves master and the others alone", async () => {
      const { run, sql } = start(
        fault("database-inaccessible", { on: "home", database: "orders" }),
      );
      const look = await run(sql.look(primary, "orders"));
      expect(look).toMatchObject({ login: { kind: "error" }, master: ok });
      expect(look.databases?.map(({ state }) => state === "online")).toEqual([false, true]);
    });

    test("gray storage: the login works, the write never ends", async () => {
      const { run, clock, sql } = start(fault("writes-hang", { on: "home" }));
      const startedAt = clock.now();
      const look = await run(sql.look(primary, "orders"));
      expect(look).toMatchObject({ login: ok, write: { kind: "timeout", phase: "query" } });
      expect(clock.now() - startedAt).toBeLessThanOrEqual(timeoutMs);
    });

    test("slow is slow, and past the deadline it has timed out", async () => {
      const slow = start(fault("slow", { on: "home", ms: 3 * SECOND }));
      expect(await slow.run(slow.sql.look(primary, "orders"))).toMatchObject({
        login: ok,
        write: ok,
      });
      const late = start(fault("slow", { on: "home", ms: 9 * SECOND }));
      const look = await late.run(late.sql.look(primary, "orders"));
      expect(look).toMatchObject({ login: { kind: "timeout", phase: "login" } });
    });

    test("the primary tells its lag, the secondary only its newest commit", async () => {
      const { run, pass, sql } = start(fault("replication-lag", { seconds: 20 }));
      await pass(60 * SECOND);
      const there = await run(sql.replication(primary));
      const here = await run(sql.replication(secondary));
      if (there.kind !== "read" || here.kind !== "read") throw new Error("Cannot compare: unread");
      const [fresh, old] = [there.rows[0], here.rows[0]];
      expect(fresh).toMatchObject({ database: "orders", lagSeconds: 20 });
      expect(old).toMatchObject({ database: "orders", lagSeconds: null });
      expect(fresh?.lastCommitAgeMs).toBeLessThan(SECOND);
      expect(old?.lastCommitAgeMs).toBeGreaterThanOrEqual(19 * SECOND);
      expect(fresh?.lastCommitMark ?? 0).toBeGreaterThan(old?.lastCommitMark ?? 0);
    });

    test("a commit has the same mark on the secondary as on the primary", async () => {
      const { run, pass, sql } = start(fault("client-load", { commitsPerSecond: 0 }));
      expect(await run(sql.write(primary, "orders"))).toBe(true);
      const there = await run(sql.replication(primary));
      await pass(10 * SECOND);
      const here = await run(sql.replication(secondary));
      if (there.kind !== "read" || here.kind !== "read") throw new Error("Cannot compare: unread");
      const marks = (rows: typeof there.rows) => rows.map((row) => row.lastCommitMark);
      expect(marks(here.rows)).toEqual(marks(there.rows));
      expect(marks(here.rows)[0]).not.toEqual(marks(here.rows)[1]);
    });

    test("a database that does not open is in the list, and neither writable nor read-only", async () => {
      const { run, sql, world } = start();
      world.inject({ fault: "database-inaccessible", on: "home", database: "reports", at: 0 });
      expect(await run(sql.updateability(listener))).toMatchObject({
        databases: [
          { name: "orders", updateability: "READ_WRITE" },
          { name: "reports", updateability: "other" },
        ],
      });
    });

    test("updateability and the answering server tell where the listener leads", async () => {
      const { run, sql } = start();
      const databases = [
        { name: "orders", updateability: "READ_WRITE" },
        { name: "reports", updateability: "READ_WRITE" },
      ];
      const reading = await run(sql.updateability(listener));
      expect(reading).toEqual({ kind: "read", server: home.fqdn, databases });
      const other = await run(sql.updateability(secondary));
      expect(other).toMatchObject({
        server: partner.fqdn,
        databases: [{ updateability: "READ_ONLY" }, {}],
      });
    });
  });
}
