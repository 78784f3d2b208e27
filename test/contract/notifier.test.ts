import { createNotifierPort } from "../../simulator/azure/port/notifier-port.ts";
import { notifierContract } from "./notifier.contract.ts";
import { portsOnTheWire } from "./ports-on-the-wire.ts";
import { type Lab, sites } from "./world-under-test.ts";

const heardIn =
  ({ world }: Lab) =>
  () =>
    world.record.sent.map(({ event }) => event.id);

notifierContract("notifier, simulated at the port", (lab) => ({
  notifier: createNotifierPort(lab.world, sites.neu),
  heard: heardIn(lab),
}));

notifierContract("notifier, real adapter before a webhook", (lab) => ({
  notifier: portsOnTheWire(lab, sites.neu).notifier,
  heard: heardIn(lab),
}));
