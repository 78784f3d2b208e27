import type { Instance } from "../domain/group.ts";
import type { KeyPath } from "../ports/key-path.ts";
import { type AzureOptions, createArmRequests } from "./arm-requests.ts";
import { instanceUrl } from "./instances/instance-url.ts";
import { pollCheckAnswer, startAnswer } from "./key-path/check-answer.ts";
import { readProtector } from "./key-path/encryption-protector.ts";
import { isOf } from "./poll-url.ts";
import { createWallClock } from "./wall-clock.ts";

/**
 * The instances' own checks of their keys, through Resource Manager. Every call ends within `timeoutMs`
 * and none throws. Whoever starts one sees to it that no failover is about to be requested.
 */
export function createKeyPath(options: AzureOptions): KeyPath {
  const { clock = createWallClock() } = options;
  // Starting takes two requests, one after the other.
  const timeoutMs = Math.ceil(options.timeoutMs / 2);
  const arm = createArmRequests({ ...options, clock, timeoutMs });

  const ask = (instance: Instance, method: "GET" | "POST", below: string, body?: object) =>
    arm.send({
      subscriptionId: instance.subscriptionId,
      method,
      url: instanceUrl(arm.endpoint, instance, below),
      ...(body === undefined ? {} : { body }),
    });

  return {
    async start(instance) {
      const current = await ask(instance, "GET", "/encryptionProtector/current");
      const protector = readProtector(current, instance);
      switch (protector.kind) {
        case "service-managed":
          return { kind: "answered", answer: { kind: "not-needed" } };
        case "unknown":
          return { kind: "unanswered", because: protector.because };
        case "customer-managed": {
          const body = { tdeKeyUri: protector.keyUri };
          const below = "/validateAzureKeyVaultEncryptionKey";
          return startAnswer(await ask(instance, "POST", below, body), arm.endpoint);
        }
        default:
          return protector satisfies never;
      }
    },

    async poll(instance, url) {
      if (!isOf(arm.endpoint, url)) {
        return { kind: "unanswered", because: "foreign-poll-url" };
      }
      const { subscriptionId } = instance;
      return pollCheckAnswer(await arm.send({ subscriptionId, method: "GET", url }), url);
    },
  };
}
