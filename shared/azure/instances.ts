import type { Instance } from "../domain/group.ts";
import type { Instances } from "../ports/instances.ts";
import { type Pages, readPages } from "./arm-pages.ts";
import { type AzureOptions, createArmRequests } from "./arm-requests.ts";
import { inaccessibleReading } from "./instances/inaccessible-reading.ts";
import { instanceReading } from "./instances/instance-reading.ts";
import { instanceUrl } from "./instances/instance-url.ts";
import { operationReading } from "./instances/operation-reading.ts";
import { createWallClock } from "./wall-clock.ts";

/** Managed instances through Resource Manager. Every call ends within `timeoutMs` and none throws. */
export function createInstances(options: AzureOptions): Instances {
  const { clock = createWallClock() } = options;
  // A list may take a second page: no page is begun after half of the time, none takes longer than that.
  const halfMs = Math.ceil(options.timeoutMs / 2);
  const single = createArmRequests({ ...options, clock });
  const paged = createArmRequests({ ...options, clock, timeoutMs: halfMs });

  function list(instance: Instance, what: string): Promise<Pages> {
    return readPages(paged, {
      subscriptionId: instance.subscriptionId,
      url: instanceUrl(paged.endpoint, instance, what),
      beginUntilAt: clock.now() + halfMs,
    });
  }

  return {
    read: async (instance) =>
      instanceReading(
        await single.send({
          subscriptionId: instance.subscriptionId,
          method: "GET",
          url: instanceUrl(single.endpoint, instance, ""),
        }),
        instance.id,
      ),
    runningOperation: async (instance) => operationReading(await list(instance, "/operations")),
    inaccessibleDatabases: async (instance) =>
      inaccessibleReading(await list(instance, "/inaccessibleManagedDatabases")),
  };
}
