import * as z from "zod";
import type { SecondaryState } from "../../domain/facts.ts";
import type { InstanceReading } from "../../ports/instances.ts";
import type { Exchange } from "../arm-exchange.ts";
import { notAskedFor } from "../asked-for.ts";
import { OutsideText } from "../outside-text.ts";
import { parsedJson } from "../parsed-json.ts";
import { azureWord } from "../presentable.ts";
import { unread } from "../read-arm-error.ts";

const TYPE = "microsoft.sql/managedinstances";
const Size = z.number().finite().nonnegative().nullable().catch(null);

/** Only that it is a resource is required: every field may be missing, or hold what we do not know. */
const InstanceBody = z.object({
  type: OutsideText,
  location: OutsideText,
  sku: z.object({ tier: OutsideText, capacity: Size }).catch({ tier: null, capacity: null }),
  properties: z.object({
    state: z.unknown().optional(),
    vCores: Size,
    storageSizeInGB: Size,
    dnsZone: OutsideText,
    fullyQualifiedDomainName: OutsideText,
    databaseFormat: OutsideText,
  }),
});

/** What an answer to a GET of an instance says. */
export function instanceReading(exchange: Exchange, askedId: string): InstanceReading {
  if (exchange.kind !== "answered" || exchange.status !== 200) return unread(exchange);
  const body = InstanceBody.safeParse(parsedJson(exchange.bodyText));
  if (!body.success || (body.data.type ?? TYPE).toLowerCase() !== TYPE) {
    return { kind: "unknown", because: "not-an-instance" };
  }
  const because = notAskedFor(exchange.bodyText, askedId);
  if (because !== null) return { kind: "unknown", because };
  const { sku, properties } = body.data;
  return {
    kind: "read",
    state: stateOf(properties.state),
    tier: azureWord(sku.tier) ?? "unknown",
    vCores: properties.vCores ?? sku.capacity,
    storageGb: properties.storageSizeInGB,
    dnsZone: azureWord(properties.dnsZone),
    region: azureWord(body.data.location)?.replace(/\s/g, "").toLowerCase() ?? null,
    fqdn: azureWord(properties.fullyQualifiedDomainName)?.toLowerCase() ?? null,
    databaseFormat: azureWord(properties.databaseFormat),
  };
}

/** Whatever is not Ready, in whatever word or shape, is not ready; only no word says nothing. */
export function stateOf(word: unknown): SecondaryState["state"] {
  if (word === undefined || word === null || word === "") return NOT_SAID;
  const said = azureWord(word) ?? "other";
  if (said.toLowerCase() === NOT_SAID.said) return NOT_SAID;
  return { kind: said.toLowerCase() === "ready" ? "ready" : "not-ready", said };
}

const NOT_SAID = { kind: "unknown", said: "unknown" } as const;
