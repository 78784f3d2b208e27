import type { CloudEvent } from "../../shared/azure/cloud-event.ts";
import { createWebhookNotifier } from "../../shared/azure/webhook-notifier.ts";
import { createNotifierFace } from "../../simulator/azure/notifier-face.ts";
import { notifierContract } from "./notifier.contract.ts";
import { sites } from "./world-under-test.ts";

notifierContract("notifier, port-level face", (world) => ({
  notifier: createNotifierFace(world, sites.neu),
  heard: () => world.record.sent.map(({ event }) => event.id),
}));

notifierContract("notifier, real adapter before a webhook", (world, faults) => {
  const heard: string[] = [];
  return {
    notifier: createWebhookNotifier({
      site: "neu",
      webhook: "https://hooks.example.net/",
      clock: world.clock,
      log: () => undefined,
      send: async ({ body = "", timeoutMs }) => {
        if (faults.length > 0) {
          await world.wait(timeoutMs);
          throw new Error("Cannot send: no answer");
        }
        const { id }: CloudEvent = JSON.parse(body);
        heard.push(id);
        return { status: 202, text: "" };
      },
    }),
    heard: () => heard,
  };
});
