import type { IncidentFile } from "../judge/incident-file.ts";
import { CANARY } from "../judge/judged-config.ts";
import { createJudgedWorld, type JudgedWorld } from "../judge/judged-world.ts";
import type { Place } from "../judge/sources.ts";
import { createSqlPort } from "../judge/sql-port.ts";
import { RATIO_WINDOW_MS } from "../shared/azure/application-ratio/ratio-source.ts";
import { stateOf } from "../shared/azure/instances/instance-reading.ts";
import { reachedBy } from "../shared/azure/references.ts";
import { replicationOf } from "../shared/azure/replication.ts";
import {
  type Facts,
  type KeyPathState,
  NO_WORK,
  type SecondarySql,
} from "../shared/domain/facts.ts";
import type { Group } from "../shared/domain/group.ts";
import type { Sample } from "../shared/domain/loss.ts";
import type { Observation } from "../shared/domain/observation.ts";
import { NO_OUTAGE } from "../shared/domain/outage.ts";
import { judgeLook } from "../shared/policy/evidence/judge-look.ts";
import { judgeSecondary } from "../shared/policy/evidence/judge-secondary.ts";
import type { ReplicationRow } from "../shared/ports/sql.ts";

const START_AT = Date.UTC(2026, 0, 15, 9);

/** What an incident file's signals look like from its three sites, at instants counted from its start. */
export interface IncidentEyes {
  /** One look at the primary; null while the site does not report. */
  look(place: Place, atMs: number): Promise<Observation | null>;
  /** The lag as the leading site samples it; nothing when it cannot. */
  sample(atMs: number): Promise<readonly Sample[]>;
  /** All but looks, outage and samples, which a loop adds up. */
  facts(atMs: number): Promise<Facts>;
  sinceStart(instant: number): number;
}

/** Opens the eyes of the sites of this group on an incident file. */
export function createIncidentEyes(incidentFile: IncidentFile, group: Group): IncidentEyes {
  const clock = new LookClock();
  const world = createJudgedWorld(incidentFile, { clock, startAt: START_AT, seed: 1 });
  const { vantages, keyProofMs, probeTimeoutMs: timeoutMs } = group.policy;
  const regionOf = (name: string): string =>
    vantages.find((vantage) => vantage.name === name)?.region ?? name;
  let keyProvenAtMs = 0;
  const replication = async (atMs: number, fqdn: string): Promise<readonly ReplicationRow[]> => {
    clock.set(START_AT + atMs);
    const reading = await createSqlPort(world, "B").replication({ fqdn, timeoutMs });
    return reading.kind === "read" ? reading.rows : [];
  };
  return {
    sinceStart: (instant) => instant - START_AT,
    look: async (place, atMs) => {
      clock.set(START_AT + atMs);
      if (!world.speaks(place)) return null;
      const reference = world.read(`ref_probe@${place}`);
      const looking = createSqlPort(world, place).look(
        { fqdn: group.home.fqdn, timeoutMs },
        CANARY,
      );
      const takenMs = clock.takenMs;
      const raw = await looking;
      const context = {
        referenceReached: reference === "ok" ? ("ok" as const) : ("failed" as const),
        canaryDatabase: CANARY,
        stoodStill: false,
      };
      const vantage = place.toLowerCase();
      return {
        vantage,
        region: regionOf(vantage),
        target: "home",
        ...judgeLook(raw, context),
        regionReference: regionSeen(world, place),
        startedAt: START_AT + atMs,
        endedAt: START_AT + atMs + takenMs,
      };
    },
    sample: async (atMs) => {
      const rows = await replication(atMs, group.home.fqdn);
      return rows.map((row) => ({ ...row, measuredAt: START_AT + atMs }));
    },
    facts: async (atMs) => {
      const measuredAt = START_AT + atMs;
      const commits = await replication(atMs, group.partner.fqdn);
      if (world.read("key_vault@B") === "ok") keyProvenAtMs = atMs;
      return {
        ...factsNow(world, group, measuredAt),
        keyPath: keyPath(world, atMs - keyProvenAtMs, keyProofMs),
        secondaryCommits: commits.map(({ lagSeconds: _, ...row }) => ({ ...row, measuredAt })),
      };
    },
  };
}

/** Time stands still while a site looks; how long the look takes is written down. */
class LookClock {
  takenMs = 0;
  private at = START_AT;

  set(at: number): void {
    this.at = at;
    this.takenMs = 0;
  }

  now(): number {
    return this.at;
  }

  async sleep(ms: number): Promise<void> {
    this.takenMs = Math.max(this.takenMs, ms);
  }

  setTimer(): { cancel(): void } {
    return { cancel: () => undefined };
  }

  hold<T>(work: Promise<T>): Promise<T> {
    return work;
  }
}

function regionSeen(world: JudgedWorld, place: Place): Observation["regionReference"] {
  if (place === "A") return "ok";
  const seen = world.read(`home_ref@${place}`);
  if (typeof seen !== "object") return seen === "timeout" ? "failed" : seen;
  const reached = reachedBy(seen.code);
  return reached === "spoke" ? "ok" : reached;
}

function keyPath(world: JudgedWorld, ageMs: number, proofMs: number): KeyPathState {
  const answer = world.read("key_vault@B");
  if (answer === "403" || answer === "404") return { kind: "denied", code: answer, ageMs: 0 };
  return ageMs > proofMs
    ? { kind: "unknown", reason: "no-answer", because: answer }
    : { kind: "proven", ageMs };
}

function factsNow(world: JudgedWorld, group: Group, now: number): Facts {
  const application = world.read("app_e2e");
  const ageMs = 1_000 * world.read("app_e2e_age_s");
  const unknown = { kind: "unknown", because: "not-read" } as const;
  return {
    version: 1,
    group: group.name,
    incidentId: "generated",
    now,
    site: "b",
    primary: "home",
    primaryRegion: group.home.region,
    movedByOtherAt: world.read("fog_primary") === "B" ? now : null,
    looks: [],
    unheard: [],
    outage: NO_OUTAGE,
    groupState: groupState(world),
    operation: operation(world),
    primaryWork: NO_WORK,
    secondary: { sql: secondarySql(world), state: secondaryState(world), fitness: { kind: "fit" } },
    keyPath: { ...unknown, reason: "no-answer" },
    inaccessible: unknown,
    samples: [],
    canaryDatabase: null,
    secondaryCommits: [],
    loss: { kind: "unknown", because: "not-measured", database: null },
    secondaryAdvances: "unknown",
    application:
      application === "unknown"
        ? unknown
        : { kind: "ratio", value: application, ageMs, windowMs: RATIO_WINDOW_MS },
    capacityAtTarget: "not-required",
    activity: [],
    lastRoleChange: { kind: "none" },
    followedAt: null,
    claim: { kind: "none" },
    attempt: { kind: "none" },
    pause: [],
    pauseReadable: true,
    approvals: [],
    deniedAt: null,
    undoRefusedAt: null,
    overrides: [],
    call: null,
    tokenGoodForMs: world.tokenGoodForMs(),
    advice: [],
    throttled: [],
    askedSinceAt: null,
  };
}

function groupState(world: JudgedWorld): Facts["groupState"] {
  const status = world.read("fog_status");
  if (status === "unknown" || world.read("arm_secondary").kind !== "state") {
    return { kind: "unknown", because: "not-read" };
  }
  const targetRole = world.read("fog_primary") === "B" ? "primary" : "secondary";
  return {
    kind: "read",
    targetRole,
    replication: replicationOf(status),
    failoverPolicy: "manual",
  };
}

function operation(world: JudgedWorld): Facts["operation"] {
  if (world.read("fog_status") !== "FailoverInProgress") return { kind: "none" };
  return {
    kind: "running",
    what: "failover",
    said: "failover",
    side: null,
    startedAt: null,
    by: "other",
  };
}

/** As the vantages outside the primary's region see it. */
function secondarySql(world: JudgedWorld): SecondarySql {
  const seen = (["tds_secondary@B", "tds_secondary@C"] as const).map((source): SecondarySql => {
    const { kind } = world.read(source);
    if (kind === "ok" || kind === "error") return "answers";
    return kind === "timeout" ? "silent" : "unknown";
  });
  return judgeSecondary(seen);
}

function secondaryState(world: JudgedWorld): Facts["secondary"]["state"] {
  const seen = world.read("arm_secondary");
  return stateOf(seen.kind === "state" ? seen.state : "unknown");
}
