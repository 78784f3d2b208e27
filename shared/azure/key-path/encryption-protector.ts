import * as z from "zod";
import type { Instance } from "../../domain/group.ts";
import type { Exchange } from "../arm-exchange.ts";
import { notAskedFor } from "../asked-for.ts";
import { OutsideText } from "../outside-text.ts";
import { parsedJson } from "../parsed-json.ts";
import { readArmError, unreadable } from "../read-arm-error.ts";

const TYPE = /^microsoft\.sql\/managedinstances\/encryptionprotector$/i;
const KEY_URI = /^https:\/\/[a-z0-9.-]{1,253}\/keys\/[a-z0-9-]{1,127}(\/[a-z0-9]{1,64})?$/i;
const ProtectorBody = z.object({
  type: OutsideText,
  properties: z.object({ serverKeyType: z.string(), uri: OutsideText }),
});

/** The key that an instance's databases are protected with now. */
export type Protector =
  | { readonly kind: "service-managed" }
  | { readonly kind: "customer-managed"; readonly keyUri: string }
  | { readonly kind: "unknown"; readonly because: string };

/** What an answer to a GET of `encryptionProtector/current` of that instance says. */
export function readProtector(exchange: Exchange, instance: Instance): Protector {
  if (exchange.kind !== "answered") return { kind: "unknown", because: exchange.because };
  if (exchange.status !== 200) {
    return {
      kind: "unknown",
      because: unreadable(exchange.status, readArmError(exchange).code),
    };
  }
  const body = ProtectorBody.safeParse(parsedJson(exchange.bodyText));
  if (!body.success || (body.data.type !== null && !TYPE.test(body.data.type))) {
    return { kind: "unknown", because: "not-a-protector" };
  }
  const because = notAskedFor(exchange.bodyText, `${instance.id}/encryptionProtector/current`);
  if (because !== null) return { kind: "unknown", because };
  const { serverKeyType, uri } = body.data.properties;
  switch (serverKeyType.toLowerCase()) {
    case "servicemanaged":
      return { kind: "service-managed" };
    case "azurekeyvault":
      return uri !== null && KEY_URI.test(uri)
        ? { kind: "customer-managed", keyUri: uri }
        : { kind: "unknown", because: "no-key-uri" };
    default:
      return { kind: "unknown", because: "unknown-key-type" };
  }
}
