import * as z from "zod";
import type { Instance } from "../../domain/group.ts";
import { readPages } from "../arm-pages.ts";
import { type AzureOptions, createArmRequests } from "../arm-requests.ts";
import { type Protector, readProtector } from "../key-path/encryption-protector.ts";
import { OutsideText } from "../outside-text.ts";
import { azureWord } from "../presentable.ts";
import { createWallClock } from "../wall-clock.ts";
import { instanceUrl } from "./instance-url.ts";

const Key = z.object({
  name: z.string(),
  properties: z.object({ serverKeyType: OutsideText, thumbprint: OutsideText }),
});

export type RegisteredKeys =
  | {
      readonly kind: "read";
      /** `<vault>_<key>_<version>`; the thumbprint says which of them are the same material. */
      readonly keys: readonly { readonly name: string; readonly thumbprint: string | null }[];
    }
  | { readonly kind: "unknown"; readonly because: string };

export interface InstanceKeys {
  /** The key that protects the databases now. */
  protector(instance: Instance): Promise<Protector>;
  /** Every customer-managed key that the instance knows of. */
  registered(instance: Instance): Promise<RegisteredKeys>;
}

/** Which keys an instance has, by Resource Manager. Every call ends within `timeoutMs` and none throws. */
export function createInstanceKeys(options: AzureOptions): InstanceKeys {
  const { clock = createWallClock() } = options;
  const halfMs = Math.ceil(options.timeoutMs / 2);
  const arm = createArmRequests({ ...options, clock, timeoutMs: halfMs });
  return {
    protector: async (instance) => {
      const { subscriptionId } = instance;
      const url = instanceUrl(arm.endpoint, instance, "/encryptionProtector/current");
      return readProtector(await arm.send({ subscriptionId, method: "GET", url }), instance);
    },
    registered: async (instance) => {
      const pages = await readPages(arm, {
        subscriptionId: instance.subscriptionId,
        url: instanceUrl(arm.endpoint, instance, "/keys"),
        beginUntilAt: clock.now() + halfMs,
      });
      if (pages.kind === "unknown") return pages;
      if (!pages.complete) return { kind: "unknown", because: "list-incomplete" };
      return keysIn(pages.items);
    },
  };
}

function keysIn(items: readonly unknown[]): RegisteredKeys {
  const keys: { name: string; thumbprint: string | null }[] = [];
  for (const item of items) {
    const key = Key.safeParse(item);
    if (!key.success) return { kind: "unknown", because: "not-a-key" };
    const { serverKeyType, thumbprint } = key.data.properties;
    if (serverKeyType?.toLowerCase() !== "azurekeyvault") continue;
    keys.push({ name: azureWord(key.data.name) ?? "unnamed", thumbprint: azureWord(thumbprint) });
  }
  return { kind: "read", keys };
}
