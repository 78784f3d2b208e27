import * as z from "zod";
import { readPages } from "../../../shared/azure/arm-pages.ts";
import { type AzureOptions, createArmRequests } from "../../../shared/azure/arm-requests.ts";
import { parsedJson } from "../../../shared/azure/parsed-json.ts";
import { readArmError, unreadable } from "../../../shared/azure/read-arm-error.ts";
import { createWallClock } from "../../../shared/azure/wall-clock.ts";
import type { Access, Grant, GrantsReading } from "../ports/access.ts";

const API_VERSION = "2022-04-01";
/** Questions one after the other: the assignments, then the definitions of their roles. */
const STEPS = 2;

// A list that cannot be read must not read as an empty one: rights that are taken away stand in it.
const Permission = z.object({ actions: z.array(z.string()), notActions: z.array(z.string()) });
const Assignment = z.object({
  properties: z.object({ roleDefinitionId: z.string(), scope: z.string() }),
});
const Definition = z.object({ properties: z.object({ permissions: z.array(Permission) }) });

const ROLE_ID =
  /^(\/subscriptions\/[\w-]+)?\/providers\/microsoft\.authorization\/roledefinitions\/[\w-]+$/i;
const PRINCIPAL = /^[0-9a-f-]{36}$/i;

/** Rights by Resource Manager. Every call ends within `timeoutMs` and none throws. */
export function createAccess(options: AzureOptions): Access {
  const { clock = createWallClock() } = options;
  const stepMs = Math.ceil(options.timeoutMs / STEPS);
  const arm = createArmRequests({ ...options, clock, timeoutMs: stepMs });

  const list = (scope: string, below: string) =>
    readPages(arm, {
      subscriptionId: subscriptionOf(scope),
      url: `${arm.endpoint}${encodeURI(scope)}/providers/Microsoft.Authorization/${below}`,
      beginUntilAt: clock.now() + stepMs,
    });

  async function definitionOf(scope: string, id: string): Promise<GrantsReading> {
    const answer = await arm.send({
      subscriptionId: subscriptionOf(scope),
      method: "GET",
      url: `${arm.endpoint}${id}?api-version=${API_VERSION}`,
    });
    if (answer.kind !== "answered") return unknown(answer.because);
    if (answer.status !== 200) {
      return unknown(unreadable(answer.status, readArmError(answer).code));
    }
    const body = Definition.safeParse(parsedJson(answer.bodyText));
    return body.success
      ? { kind: "read", grants: body.data.properties.permissions }
      : unknown("not-a-role");
  }

  return {
    ownAt: async (scope) => {
      const pages = await list(scope, `permissions?api-version=${API_VERSION}`);
      if (pages.kind === "unknown") return pages;
      if (!pages.complete) return unknown("list-incomplete");
      const grants = z.array(Permission).safeParse(pages.items);
      return grants.success ? { kind: "read", grants: grants.data } : unknown("not-a-permission");
    },

    ofPrincipal: async (principalId, scope) => {
      if (!PRINCIPAL.test(principalId)) return unknown("not-a-principal-id");
      const filter = `atScope() and assignedTo('${principalId}')`;
      const query = `api-version=${API_VERSION}&$filter=${encodeURIComponent(filter).replaceAll("'", "%27")}`;
      const pages = await list(scope, `roleAssignments?${query}`);
      if (pages.kind === "unknown") return pages;
      if (!pages.complete) return unknown("list-incomplete");
      const assignments = z.array(Assignment).safeParse(pages.items);
      if (!assignments.success) return unknown("not-an-assignment");
      const roles = assignments.data
        .filter(({ properties }) => holdsAt(properties.scope, scope))
        .map(({ properties }) => properties.roleDefinitionId);
      if (!roles.every((id) => ROLE_ID.test(id))) return unknown("not-a-role-id");
      return allOf(await Promise.all([...new Set(roles)].map((id) => definitionOf(scope, id))));
    },
  };
}

/** An assignment holds at its own scope and below. */
function holdsAt(assigned: string, scope: string): boolean {
  const above = assigned.toLowerCase().replace(/\/$/, "");
  if (above.startsWith("/providers/microsoft.management/")) return true;
  return above === "" || `${scope.toLowerCase()}/`.startsWith(`${above}/`);
}

function allOf(readings: readonly GrantsReading[]): GrantsReading {
  const grants: (readonly Grant[])[] = [];
  for (const reading of readings) {
    if (reading.kind === "unknown") return reading;
    grants.push(reading.grants);
  }
  return { kind: "read", grants: grants.flat() };
}

function subscriptionOf(scope: string): string {
  return scope.split("/")[2] ?? "";
}

function unknown(because: string): GrantsReading {
  return { kind: "unknown", because };
}
