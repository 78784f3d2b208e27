import { ok, type Reading, refused } from "../text/reading.ts";

const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const SYSTEM_DATABASES: readonly string[] = [
  "master",
  "model",
  "msdb",
  "tempdb",
  "mssqlsystemresource",
];

/** Reads the name of a site or a failover group. */
export function readName(text: string): Reading<string> {
  if (NAME.test(text)) return ok(text);
  return refused(
    "not-a-name",
    "must be 1 to 63 lower-case letters, digits and inner hyphens",
    "a name such as orders-fog",
  );
}

/** Reads a region in any of its spellings; "West Europe" becomes `westeurope`. */
export function readRegion(text: string): Reading<string> {
  const region = text.toLowerCase().replace(/\s+/g, "");
  if (/^[a-z][a-z0-9]+$/.test(region)) return ok(region);
  return refused("not-a-region", "must be the name of an Azure region", "for example westeurope");
}

/** Reads the name of a database that is replicated, which system databases are not. */
export function readDatabase(text: string): Reading<string> {
  if (text.trim() === "" || text.length > 128) {
    return refused("not-a-database", "must be the name of a database", "for example orders");
  }
  if (SYSTEM_DATABASES.includes(text.toLowerCase())) {
    return refused(
      "system-database",
      "must be a database of the failover group, and system databases are not replicated",
      "the name of a user database",
    );
  }
  return ok(text);
}

/** Reads a reference to a secret into the name of the environment variable that holds it. */
export function readSecretReference(text: string): Reading<string> {
  const name = /^env:([A-Za-z_]\w*)$/.exec(text)?.[1];
  if (name !== undefined) return ok(name);
  return refused(
    "literal-secret",
    "must be a reference to a secret, never the secret itself",
    "env:NAME, and set the environment variable NAME",
  );
}

/** Reads where the success ratio of the application comes from. */
export function readSuccessRatio(text: string): Reading<string> {
  if (/^app-insights:[^\s=;]+$/.test(text)) return ok(text);
  return refused(
    "not-a-source",
    "must name a source",
    "app-insights:, the workspace id, and /role/ or /target/ with a name",
  );
}
