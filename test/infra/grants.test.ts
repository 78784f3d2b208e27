// The scripts in infra/sql against what the adapters really run.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as statements from "../../shared/azure/sql/statements.ts";

const FOLDER = new URL("../../infra/sql/", import.meta.url);

/** What reading an object of the server's own takes. What is not listed here may not be asked. */
const RIGHTS_TO_READ: Readonly<Record<string, readonly string[]>> = {
  // Every login sees the names and states of all databases of a managed instance.
  "sys.databases": [],
  // Callable by everybody who is in the database.
  "sys.sp_executesql": [],
  "sys.dm_geo_replication_link_status": ["VIEW DATABASE STATE"],
};
const RIGHT_OF_VERB: Readonly<Record<string, string>> = {
  FROM: "SELECT",
  JOIN: "SELECT",
  INTO: "INSERT",
  UPDATE: "UPDATE",
};

const scripts = readdirSync(FOLDER).map((name) => ({
  name,
  text: readFileSync(new URL(name, FOLDER), "utf8").replace(/--.*$/gm, ""),
}));
const asked = Object.entries(statements).filter(([, text]) => typeof text === "string");

/** Every object that a statement uses, with the right that it takes. A name that is only text is no use. */
function needsOf(statement: string): readonly string[] {
  const uses = [...statement.matchAll(/(?:\b(\w+)\s+)?\b(?<!N')((?:sys|geofailover)\.\w+)/g)];
  return uses.flatMap(([, verb = "", object = ""]) => {
    if (object.startsWith("geofailover.")) return [`${RIGHT_OF_VERB[verb]} ON ${object}`];
    return RIGHTS_TO_READ[object] ?? [`nobody knows what ${object} takes`];
  });
}

function grantsIn(text: string): readonly string[] {
  const grants = [...text.matchAll(/\bGRANT ([A-Z, ]+?)(?: ON OBJECT::([\w.]+))? TO\b/g)];
  return grants.flatMap(([, rights = "", object]) =>
    rights.split(", ").map((right) => (object === undefined ? right : `${right} ON ${object}`)),
  );
}

const needed = new Set(asked.flatMap(([, text]) => needsOf(String(text))));
const granted = new Set(scripts.flatMap(({ text }) => grantsIn(text)));

describe("what the scripts grant", () => {
  test.each(asked)("%s asks for nothing that is not granted", (_, text) => {
    expect(needsOf(String(text)).filter((need) => !granted.has(need))).toEqual([]);
  });

  test("no right is granted that no statement needs", () => {
    expect([...granted].filter((right) => !needed.has(right))).toEqual([]);
    expect([...needed].sort()).toEqual([
      "INSERT ON geofailover.canary",
      "SELECT ON geofailover.canary",
      "UPDATE ON geofailover.canary",
      "VIEW DATABASE STATE",
    ]);
  });

  test("sites read the state of every database, not only of the one with the canary", () => {
    const users = scripts.find(({ name }) => name === "site-users.sql")?.text ?? "";
    expect(grantsIn(users)).toEqual(["VIEW DATABASE STATE"]);
    expect(users).toMatch(/'EXEC ' \+ QUOTENAME\(name\) \+ N'\.sys\.sp_executesql @let_in;'/);
  });

  test("nobody becomes an administrator or owner of anything", () => {
    for (const { text } of scripts) {
      expect(text).not.toMatch(
        /\b(CONTROL|IMPERSONATE|sysadmin|db_(?:owner|data\w+|\w+admin)|TAKE OWNERSHIP|ALTER ANY)\b/i,
      );
      expect(text).not.toMatch(/\b(DROP|DELETE|TRUNCATE|DENY|REVOKE)\b/i);
    }
  });
});

describe("a script that runs a second time", () => {
  test.each(scripts)("$name makes only what it has looked for and not found", ({ text }) => {
    for (const { index } of text.matchAll(/\bCREATE (?:SCHEMA|TABLE|ROLE|LOGIN|USER)\b/g)) {
      const before = text.slice(text.lastIndexOf(";", index) + 1, index);
      expect(before).toMatch(/\bIF (?:NOT EXISTS|[\s\S]+ IS NULL)/);
    }
    expect(text).not.toMatch(/\bALTER (?!ROLE geofailover_sites ADD MEMBER)/);
  });

  test.each(scripts)(
    "$name stops at the first mistake, and where it does not belong",
    ({ text }) => {
      expect(text).toMatch(/^\s*SET NOCOUNT ON;\s+SET XACT_ABORT ON;/);
      expect(text).toMatch(/\n {2}THROW 50000, 'Cannot /);
    },
  );

  test.each(scripts)(
    "$name quotes every name it is given before it becomes part of a statement",
    ({ text }) => {
      const given = [...text.matchAll(/\$\((\w+)\)/g)].map(([, variable]) => variable);
      const declared = [...text.matchAll(/DECLARE @\w+ [\w()]+ = [^;]*?'\$\((\w+)\)'/g)];
      expect(declared.map(([, variable]) => variable)).toEqual(given);
      const pasted = [...text.matchAll(/' \+ (@\w+)/g)].map(([, variable]) => variable);
      expect(pasted.filter((variable) => variable !== "@site")).toEqual([]);
    },
  );
});
