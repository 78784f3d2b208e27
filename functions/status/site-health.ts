import { heartbeatIn } from "../../shared/ledger/heartbeats.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import {
  type Health,
  type HealthEvidence,
  judgeHealth,
} from "../../shared/policy/conditions/judge-health.ts";
import type { App } from "../app.ts";

/** How this site is, by what its last tick has written down. Reads one row of its own store. */
export async function siteHealth(app: App): Promise<Health> {
  const reading = heartbeatIn(await readLive(app.stores.own));
  return judgeHealth({
    now: app.ports.clock.now(),
    tickMs: app.config.tickMs,
    groups: app.config.groups.map(({ name }) => name),
    heartbeat: heartbeatOf(reading),
  });
}

function heartbeatOf(reading: ReturnType<typeof heartbeatIn>): HealthEvidence["heartbeat"] {
  switch (reading.kind) {
    case "read":
      return { kind: "read", at: reading.value.at, report: reading.value.report };
    case "none":
      return { kind: "never" };
    case "unreadable":
      return { kind: "unknown", because: "the row cannot be read" };
    case "silent":
      return { kind: "unknown", because: "this site's own store gave no answer" };
    default:
      return reading satisfies never;
  }
}
