// The simulated instances as tedious alone sees them, without our adapter.

import { readFileSync } from "node:fs";
import { ScaledClock } from "functions-host/clock";
import { Connection, Request, TYPES } from "tedious";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { serverError } from "../../../../simulator/azure/tds/error-texts.ts";
import { createTdsService, type TdsOptions } from "../../../../simulator/azure/tds/tds-service.ts";
import { createWorld } from "../../../../simulator/azure/world/create-world.ts";
import type { Fault } from "../../../../simulator/faults.ts";
import { GROUP, HOME, PARTNER, SITE } from "../../../azure/sql/sql-bench.ts";

const login = { userName: "reader", password: "of everything" };
const STATES = "SELECT name, state_desc FROM sys.databases";
const LINKS = "SELECT replication_lag_sec FROM sys.dm_geo_replication_link_status";

interface Client {
  readonly errors: { number: number; state: number; class: number; message: string }[];
  open(): Promise<void>;
  ask(statement: string, how?: "batch" | "rpc"): Promise<unknown[][]>;
  /** Asks, and thinks better of it after this long. */
  cancel(statement: string, afterMs: number): Promise<unknown>;
  close(): Promise<void>;
}

function createClient(
  options: {
    readonly faults?: readonly Fault[];
    readonly tds?: TdsOptions;
    readonly server?: string;
    readonly database?: string;
  } = {},
): Client {
  const clock = new ScaledClock({ startAt: Date.UTC(2026, 0, 15), speed: 1_000 });
  const { faults = [] } = options;
  const world = createWorld({ clock, seed: 7, groups: [GROUP], sites: [SITE], faults });
  const service = createTdsService(world, SITE, {
    logins: [login],
    encryption: "none",
    ...options.tds,
  });
  const server = options.server ?? HOME;
  const connection = new Connection({
    server,
    authentication: { type: "default", options: login },
    options: {
      connector: () => service.dial({ host: server, port: 1433 }, new AbortController().signal),
      database: options.database ?? "orders",
      encrypt: service.encryption.kind !== "none",
      cryptoCredentialsDetails:
        service.encryption.kind === "none" ? {} : { ca: service.encryption.ca },
      rowCollectionOnRequestCompletion: true,
      maxRetriesOnTransientErrors: 0,
    },
  });
  const errors: Client["errors"] = [];
  connection.on("errorMessage", ({ number, state, class: severity, message }) => {
    errors.push({ number, state, class: severity, message });
  });
  connection.on("error", () => undefined);
  const request = (statement: string, end: (error: unknown, rows: unknown[][]) => void): Request =>
    new Request(statement, (error, _count, rows: { value: unknown }[][]) =>
      end(error ?? null, rows?.map((row) => row.map(({ value }) => value)) ?? []),
    );
  return {
    errors,
    open: () =>
      new Promise((resolve, reject) => {
        connection.connect((error) => (error ? reject(error) : resolve()));
      }),
    ask: (statement, how = "batch") =>
      new Promise((resolve, reject) => {
        const asked = request(statement, (error, rows) => (error ? reject(error) : resolve(rows)));
        if (how === "batch") return connection.execSqlBatch(asked);
        asked.addParameter("unused", TYPES.Int, 1);
        connection.execSql(asked);
      }),
    cancel: (statement, afterMs) =>
      new Promise((resolve) => {
        connection.execSqlBatch(request(statement, (error) => resolve(error)));
        clock.setTimer(clock.now() + afterMs, () => connection.cancel());
      }),
    close: () => {
      connection.close();
      clock.close();
      return service.close();
    },
  };
}

describe("tedious against the simulated instances", () => {
  test.each(["tls", "none"] as const)(
    "logs in and reads by batch and by call (%s)",
    async (encryption) => {
      const client = createClient({ tds: { encryption } });
      await client.open();
      const expected = [
        ["orders", "ONLINE"],
        ["reports", "ONLINE"],
      ];
      expect(await client.ask(STATES)).toEqual(expected);
      expect(await client.ask(STATES, "rpc")).toEqual(expected);
      const long = `${STATES} /* ${"and more ".repeat(2_000)} */`;
      expect(await client.ask(long, "rpc")).toEqual(expected);
      await client.close();
    },
  );

  test("a refused login comes with its number, state, severity and text, and then with 18456", async () => {
    const faults: Fault[] = [{ fault: "sql-error", at: 0, on: "home", number: 40613 }];
    const client = createClient({ faults });
    await expect(client.open()).rejects.toMatchObject({ code: "ELOGIN" });
    expect(client.errors.map(({ number }) => number)).toEqual([40613, 18456]);
    expect(client.errors[0]).toMatchObject({ class: 17 });
    expect(client.errors[0]?.message).toContain(`Database 'orders' on server '${HOME}'`);
    await client.close();
  });

  test("a write on the secondary is refused as read-only", async () => {
    const client = createClient({ server: PARTNER });
    await client.open();
    const write = client.ask("UPDATE geofailover.canary SET writes += 1");
    await expect(write).rejects.toMatchObject({ number: 3906, state: 2 });
    await client.close();
  });

  test("a request that hangs can be cancelled, and the connection serves on", async () => {
    const client = createClient({ faults: [{ fault: "writes-hang", at: 0, on: "home" }] });
    await client.open();
    const write = client.cancel("UPDATE geofailover.canary SET writes += 1", 5_000);
    expect(await write).toMatchObject({ code: "ECANCEL" });
    expect(await client.ask(STATES)).toHaveLength(2);
    await client.close();
  });

  test("the view of links has rows in the replicated database, and none in master", async () => {
    const inside = createClient();
    await inside.open();
    const rows = await inside.ask(LINKS);
    expect(rows.map(([database]) => database)).toEqual(["orders"]);
    await inside.close();
    const master = createClient({ database: "master" });
    await master.open();
    expect(await master.ask(LINKS)).toEqual([]);
    await master.close();
  });

  test("what it does not know is a mistake of the asker", async () => {
    const client = createClient({ database: "master" });
    await client.open();
    const unknown = client.ask("DROP TABLE everything");
    await expect(unknown).rejects.toMatchObject({ number: 102 });
    const elsewhere = client.ask("UPDATE geofailover.canary SET writes = 0");
    await expect(elsewhere).rejects.toMatchObject({ number: 208 });
    await client.close();
  });
});

describe("texts", () => {
  const Recorded = z.object({
    messages: z.array(z.object({ number: z.number().nullable(), message: z.string() })),
  });
  const file = new URL("../../../recorded/sql-messages.json", import.meta.url);
  const { messages } = Recorded.parse(JSON.parse(readFileSync(file, "utf8")));
  const first = new Map<number, string>();
  for (const { number, message } of messages) {
    if (number !== null && !first.has(number)) first.set(number, message);
  }

  test.each([...first])("%i is sent with the text that was recorded", (number, message) => {
    const PLACEHOLDER = /%(?:\.\*)?l?s|%(?:l?d|0?8?X)/g;
    const sent = serverError(number, "\u0001", "\u0001").message;
    const [start = ""] = message.split(PLACEHOLDER);
    expect(sent.startsWith(start)).toBe(true);
    expect(sent).not.toMatch(PLACEHOLDER);
  });
});
