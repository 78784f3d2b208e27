import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  readDatabaseStates,
  readReplication,
  readUpdateability,
} from "../../../shared/azure/sql/read-rows.ts";
import * as statements from "../../../shared/azure/sql/statements.ts";

const WRITES =
  /\b(UPDATE|INSERT|DELETE|MERGE|TRUNCATE|CREATE|ALTER|DROP|GRANT|DENY|INTO|KILL|BACKUP)\b\s*(?:INTO\s+)?(\S+)/gi;

describe("what we send", () => {
  const all = Object.entries(statements);

  test.each(all)("%s writes to the canary table or to nothing", (name, text) => {
    // The names of rights stand in a question about rights.
    const asked = text.replace(/HAS_PERMS_BY_NAME\([^)]*\)/g, "");
    const written = [...asked.matchAll(WRITES)].map(([, , object]) => object);
    const allowed = name === "CANARY_WRITE" ? "geofailover.canary" : null;
    expect(new Set(written)).toEqual(new Set(allowed === null ? [] : [allowed]));
  });

  test.each(all)("%s says who asks, for whoever reads the server's own lists", (_, text) => {
    expect(text).toMatch(/^\/\* geo-failover:[a-z-]+ \*\//);
  });

  test("the replication view is read inside of every database, whose name the server quotes", () => {
    const { REPLICATION } = statements;
    expect(REPLICATION).toContain("EXEC ' + QUOTENAME(name) + N'.sys.sp_executesql");
    // What the server makes of it: a string in a batch that is itself a string.
    const unquoted = (text: string): string => text.replaceAll("''", "'");
    const batch = unquoted(
      /N'(\.sys\.sp_executesql [\s\S]*? END TRY )'/.exec(REPLICATION)?.[1] ?? "",
    );
    const statement = unquoted(
      /^\.sys\.sp_executesql N'([\s\S]*)'; END TRY $/.exec(batch)?.[1] ?? "",
    );
    expect(statement).toMatch(
      /^SELECT DB_NAME\(\),[\s\S]* N'20000101', [\s\S]*link_status AS l ON 1 = 1;$/,
    );
  });

  test("the published script makes the columns that are written, and grants no more than is used", () => {
    const script = readFileSync(new URL("../../../infra/sql/canary.sql", import.meta.url), "utf8");
    for (const column of ["writer", "writes", "written_at"]) {
      expect(script).toMatch(new RegExp(`^ {4}${column} \\w+`, "m"));
      expect(statements.CANARY_WRITE).toContain(column);
    }
    const granted = [...script.matchAll(/^GRANT (.+) TO geofailover_sites;/gm)].map(
      ([, what]) => what,
    );
    expect(granted).toEqual([
      "SELECT, INSERT, UPDATE ON OBJECT::geofailover.canary",
      "VIEW DATABASE STATE",
    ]);
  });
});

describe("what comes back", () => {
  test("numbers that come as text are numbers", () => {
    expect(readReplication([["orders", 3, "1200", "821793600400000"]])).toEqual([
      {
        database: "orders",
        lagSeconds: 3,
        lastCommitAgeMs: 1_200,
        lastCommitMark: 821793600400000,
      },
    ]);
  });

  test("nothing known of a database is not the same as no such database", () => {
    expect(readReplication([["orders", null, null, null]])).toEqual([
      { database: "orders", lagSeconds: null, lastCommitAgeMs: null, lastCommitMark: null },
    ]);
  });

  test.each([
    [[["orders", 3, "1200"]]],
    [[["orders", "soon", null, null]]],
    [[["orders", 3, "99999999999999999999", null]]],
    [[[null, 3, "1200", "5"]]],
    [[["orders", 3.5, "1200", "5"]]],
  ])("rows of another shape are no answer: %j", (rows) => {
    expect(readReplication(rows)).toBeNull();
  });

  test("a server without databases still tells its name; no row at all is no answer", () => {
    expect(readUpdateability([["MI.abc.database.windows.net", null, null]])).toEqual({
      server: "mi.abc.database.windows.net",
      databases: [],
    });
    expect(readUpdateability([])).toBeNull();
    expect(readDatabaseStates([["orders"]])).toBeNull();
  });
});
