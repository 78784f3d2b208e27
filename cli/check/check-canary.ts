import { sayFailure } from "../../shared/text/say-failure.ts";
import { nobodyKnowsPrimary } from "./check-roles.ts";
import { ok, type Question, type Said, unknown, wrong } from "./finding.ts";
import type { Inquiry } from "./inquiry.ts";
import type { SiteStatus } from "./site-status.ts";
import { sayAge } from "./wording.ts";

const NO_TABLE = "208";
const NO_RIGHT = "229";
const SCRIPT = "run infra/sql/canary.sql in that database on the primary";

/** The canary table, by reading only: that it is there, and that the sites' own logins write to it. */
export function checkCanary(inquiry: Inquiry): readonly Question[] {
  const { group, options } = inquiry;
  if (group.canary === null) {
    const said = wrong(
      "none is configured: a primary that reads and does not write is not seen, and mode automatic is refused",
      "write canary: { database: NAME } and run infra/sql/canary.sql",
    );
    return [{ check: "canary", subject: "configuration", ask: async () => said }];
  }
  const { database } = group.canary;
  return [
    { check: "canary", subject: database, ask: () => judgeTable(inquiry, database) },
    ...options.sites.map((site) => ({
      check: "canary",
      subject: `written by ${site.name}`,
      ask: async () => judgeWriter(await inquiry.status(site), 4 * inquiry.config.tickMs),
    })),
  ];
}

async function judgeTable(inquiry: Inquiry, database: string): Promise<Said> {
  const primary = await inquiry.primary();
  if (primary === null) return nobodyKnowsPrimary();
  const { group, reads, options } = inquiry;
  const target = { fqdn: group[primary].fqdn, timeoutMs: group.policy.probeTimeoutMs };
  const reading = await reads.canary.read(target, database);
  if (reading.kind === "read") {
    if (reading.table === "missing")
      return wrong("the table geofailover.canary is missing", SCRIPT);
    if (reading.updateability !== "READ_WRITE") {
      return wrong(`the database is ${reading.updateability} on the primary`, "see its state");
    }
    return ok("the table is there, in a database that takes writes");
  }
  // Most laptops have no way to the instances' network; the sites have, and say what they met.
  const told = await Promise.all(options.sites.map(inquiry.status));
  const freshMs = 4 * inquiry.config.tickMs;
  const wrote = (look: Look | null) => look?.result === "writes" && look.ageMs <= freshMs;
  if (told.some((status) => wrote(lookOf(status)))) {
    return ok(`a site has written to it; it was not reached from here (${sayFailure(reading)})`);
  }
  if (told.some((status) => lookOf(status)?.code === NO_TABLE)) {
    return wrong("a site met no table geofailover.canary", SCRIPT);
  }
  return unknown(
    `it was not reached from here (${sayFailure(reading)}), and no site tells that it has written`,
    "run this where the instance can be reached, or make the sites answer",
  );
}

function judgeWriter(status: SiteStatus, freshMs: number): Said {
  const look = lookOf(status);
  if (look === null) return unknown("the site does not tell of a look", "see the row of the site");
  const age = `${sayAge(look.ageMs)} ago`;
  if (look.ageMs > freshMs) {
    return unknown(`its last look was ${age}`, "see why it does not look: the row of the site");
  }
  if (look.result === "writes") return ok(`its last look wrote, ${age}`);
  if (look.code === NO_TABLE) return wrong(`it met no table geofailover.canary, ${age}`, SCRIPT);
  if (look.code === NO_RIGHT) {
    return wrong(
      `it may not write to it, ${age}`,
      "make the site's user a member of the role geofailover_sites: infra/sql/site-users.sql",
    );
  }
  return wrong(
    `its last look did not write, ${age}: ${look.result} (${look.code})`,
    "see what that look met: docs/azure-errors.md",
  );
}

interface Look {
  readonly result: string;
  readonly code: string;
  readonly ageMs: number;
}

function lookOf(status: SiteStatus): Look | null {
  if (status.kind !== "told" || status.group.lastLook.kind !== "read") return null;
  return status.group.lastLook.value;
}
