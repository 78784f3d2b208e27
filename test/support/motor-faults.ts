import type { Host } from "functions-host/host-options";
import { type Simulation, START } from "./simulated-sites.ts";

/** What can end a motor, by the name an operator would give it. */
export type MotorFault =
  | "worker crash"
  | "host killed"
  | "host stopped"
  | "instance Failed"
  | "instance hung";

/** Lets the leading site's motor meet its fault at this time after the start. */
export function strike(sim: Simulation, fault: MotorFault, ms: number): void {
  sim.clock.setTimer(START + ms, () => {
    const host = sim.sites.host("neu");
    if (host.alive) hit(host, fault);
  });
}

function hit(host: Host, fault: MotorFault): void {
  switch (fault) {
    case "worker crash":
      host.crashWorker();
      return;
    case "host killed":
      host.kill();
      return;
    case "host stopped":
      void host.stop();
      return;
    case "instance Failed":
      forget(host);
      for (const [id, instance] of running(host)) {
        host.store.instances.set(id, { ...instance, status: "Failed" });
      }
      return;
    case "instance hung":
      forget(host);
      return;
    default:
      fault satisfies never;
  }
}

/** Nothing is scheduled for the running motors any more: left alone they would say `Running` for ever. */
function forget({ store }: Host): void {
  const ids = new Set(running({ store }).map(([id]) => id));
  for (const [seq, message] of store.messages) {
    if (ids.has(message.instanceId)) store.messages.delete(seq);
  }
  for (const [seq, activity] of store.activities) {
    if (ids.has(activity.instanceId)) store.activities.delete(seq);
  }
}

function running({ store }: Pick<Host, "store">) {
  return [...store.instances].filter(([, { status }]) => status === "Running");
}
