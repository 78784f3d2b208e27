// The roles in infra/roles against what the adapters really ask of Azure: the published list of outward calls,
// which test/azure/outward-calls.test.ts gathers from every method of every adapter.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { ARM_ACTIONS } from "../../cli/check/azure/arm-actions.ts";
import { DESTINATIONS } from "../../cli/check/azure/outward-calls.ts";
import { ratioQuery } from "../../shared/azure/application-ratio/ratio-source.ts";

const FOLDER = new URL("../../infra/roles/", import.meta.url);

/** The shape that `az role definition create --role-definition @file` reads. */
const RoleFile = z.strictObject({
  Name: z.string().regex(/^geo-failover /),
  IsCustom: z.literal(true),
  Description: z.string(),
  Actions: z.array(z.string()).nonempty(),
  NotActions: z.tuple([]),
  DataActions: z.tuple([]),
  NotDataActions: z.tuple([]),
  AssignableScopes: z.array(z.string()).nonempty(),
});

const roles = new Map(
  readdirSync(FOLDER).map((file) => {
    const text = readFileSync(new URL(file, FOLDER), "utf8");
    return [file.replace(/^geo-failover-|\.json$/g, ""), RoleFile.parse(JSON.parse(text))] as const;
  }),
);
const actionsOf = (name: string): readonly string[] => roles.get(name)?.Actions ?? [];
const listed = [...roles.values()].flatMap(({ Actions }) => Actions);

const calls = DESTINATIONS.flatMap(({ calls }) => calls.map(({ call }) => call));
const called = [...new Set(calls.flatMap(actionsFor))].sort();

/** The actions that Azure checks for a call; none for a vault, a table or an address of the user's own. */
function actionsFor(call: string): readonly string[] {
  const [method = "", address = ""] = call.split(" ");
  const { hostname = "", pathname = "" } = URL.canParse(address) ? new URL(address) : {};
  if (hostname === "api.loganalytics.io") return logActions();
  return hostname === "management.azure.com" ? [armAction(method, pathname)] : [];
}

/** Types and names take turns behind the last provider; a type alone at the end is a list, or a verb. */
function armAction(method: string, pathname: string): string {
  const [provider = "", ...segments] = pathname.split("/providers/").at(-1)?.split("/") ?? [];
  const types = segments.filter((_, index) => index % 2 === 0);
  return [provider, ...types, method === "POST" ? "action" : "read"].join("/");
}

/** One for the question, and one for each table that it reads. */
function logActions(): readonly string[] {
  const query = "Microsoft.OperationalInsights/workspaces/query";
  const asked = (["role", "target"] as const).map((of) =>
    ratioQuery({ workspaceId: "", of, name: "orders" }),
  );
  const tables = [...asked.join("\n").matchAll(/= (\w+) \|/g)].map(([, table]) => table);
  return [`${query}/read`, ...tables.map((table) => `${query}/${table}/read`)];
}

function covers(listing: string, action: string): boolean {
  const pattern = listing.split("*").map((part) => part.replaceAll(".", "\\."));
  return new RegExp(`^${pattern.join(".+")}$`, "i").test(action);
}

describe("the roles of a site", () => {
  test("allow every call that the adapters make", () => {
    const refused = called.filter((action) => !listed.some((one) => covers(one, action)));
    expect(refused).toEqual([]);
  });

  test("allow nothing that no adapter calls", () => {
    const idle = listed.filter((one) => !called.some((action) => covers(one, action)));
    expect(idle).toEqual([]);
    expect(listed.length).toBe(new Set(listed).size);
  });

  test("are made of calls that were seen: a list of nothing would allow nothing and pass", () => {
    expect(called).toContain("Microsoft.Sql/locations/instanceFailoverGroups/failover/action");
    expect(called).toContain(
      "Microsoft.Sql/managedInstances/validateAzureKeyVaultEncryptionKey/action",
    );
    expect(called).toContain("Microsoft.Insights/eventtypes/values/read");
    expect(called).toContain("Microsoft.OperationalInsights/workspaces/query/AppDependencies/read");
    expect(called.length).toBeGreaterThan(12);
  });

  test("let a site that only observes see everything and request nothing", () => {
    const power = called.filter((action) => /failover.*\/action$/i.test(action));
    expect(power.length).toBe(2);
    expect([...actionsOf("operator")].sort()).toEqual(power);
    for (const name of ["observer", "poller", "log-reader"]) {
      expect(actionsOf(name).filter((one) => power.some((each) => covers(one, each)))).toEqual([]);
    }
  });

  test("write and delete nothing, and have one pattern, whose actions Azure has not published", () => {
    expect(listed.filter((action) => /\/(write|delete)$|^\*/i.test(action))).toEqual([]);
    const patterns = listed.filter((action) => action.includes("*"));
    expect(patterns).toEqual([...actionsOf("poller")]);
    const published = listed.filter((action) => !action.includes("*"));
    const onlyByPattern = called.filter((action) => !published.includes(action));
    expect(
      onlyByPattern.every((action) => /AzureAsyncOperation|OperationResults/.test(action)),
    ).toBe(true);
    expect(onlyByPattern.length).toBeGreaterThan(0);
  });

  test("are assigned where their calls are made: on resource groups, and one on subscriptions", () => {
    for (const [name, { AssignableScopes }] of roles) {
      const wanted =
        name === "poller" ? /^\/subscriptions\/<[^>]+>$/ : /\/resourceGroups\/<[^>]+>$/;
      for (const scope of AssignableScopes) expect(scope).toMatch(wanted);
    }
  });

  test("are what `npx geo-failover check` compares the rights at hand with", () => {
    const told = ARM_ACTIONS.map(({ action }) => action).sort();
    const given = [...actionsOf("observer"), ...actionsOf("operator"), ...actionsOf("poller")];
    expect(told).toEqual(given.sort());
    const acting = ARM_ACTIONS.filter(({ purpose }) => purpose === "act");
    expect(acting.map(({ action }) => action).sort()).toEqual([...actionsOf("operator")].sort());
  });
});
