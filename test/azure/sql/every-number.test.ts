import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { meaningOfSql, SQL_ROWS } from "../../../shared/policy/evidence/classify-sql.ts";
import { judgeLook } from "../../../shared/policy/evidence/judge-look.ts";
import { createSqlBench, HOME } from "./sql-bench.ts";

const target = { fqdn: HOME, timeoutMs: 8_000 };
const Recorded = z.object({ messages: z.array(z.object({ number: z.number().nullable() })) });

const recorded = Recorded.parse(
  JSON.parse(readFileSync(new URL("../../recorded/sql-messages.json", import.meta.url), "utf8")),
).messages.flatMap(({ number }) => number ?? []);
const numbers = [...new Set([...recorded, ...SQL_ROWS.map(({ code }) => Number(code))])];

/** Results that a single error of this meaning may have. */
const RESULTS = {
  alive: ["alive"],
  "not-serving": ["not-serving"],
  "storage-failed": ["not-serving"],
  "no-answer": ["no-answer"],
  "database-refused": ["alive"],
  "refused-write": ["alive"],
  blind: ["blind"],
};

describe("every number we know", () => {
  test.each(numbers)(
    "%i at login is read as that number, and means what the table says",
    async (number) => {
      const bench = await createSqlBench({
        faults: [{ fault: "sql-error", at: 0, on: "home", number }],
        tds: { encryption: "none" },
      });
      const seen = await bench.run(bench.sql.look(target, "orders"));
      const error = { kind: "error", number, code: "ELOGIN" };
      expect(seen).toMatchObject({ login: error, master: error, databases: null });
      const { result } = judgeLook(seen, { referenceReached: "ok", stoodStill: false });
      expect(RESULTS[meaningOfSql(number)]).toContain(result);
      await bench.close();
    },
  );

  test.each(numbers)("%i at the write is read as that number", async (number) => {
    const bench = await createSqlBench({
      faults: [{ fault: "write-error", at: 0, on: "home", number }],
      tds: { encryption: "none" },
    });
    const seen = await bench.run(bench.sql.look(target, "orders"));
    expect(seen).toMatchObject({
      login: { kind: "ok" },
      write: { kind: "error", number, code: "EREQUEST" },
    });
    expect(await bench.run(bench.sql.write(target, "orders"))).toBe(false);
    await bench.close();
  });
});
