// The product's judgement without its motors: the real look, the real rules, in a plain loop over time.
// What is left out is what makes a decision happen (orchestrations, claims, requests), not what makes it.

import type { IncidentFile } from "../judge/incident-file.ts";
import { createJudgedConfig } from "../judge/judged-config.ts";
import { PLACES, type Place } from "../judge/sources.ts";
import type { Decision } from "../shared/domain/decision.ts";
import type { Facts } from "../shared/domain/facts.ts";
import type { Group } from "../shared/domain/group.ts";
import type { Sample } from "../shared/domain/loss.ts";
import type { Observation } from "../shared/domain/observation.ts";
import { NO_OUTAGE } from "../shared/domain/outage.ts";
import type { Policy } from "../shared/domain/policy.ts";
import { withLook } from "../shared/ledger/watches.ts";
import { decide } from "../shared/policy/decide.ts";
import { countRounds } from "../shared/policy/evidence/count-rounds.ts";
import { settleIncident } from "../shared/policy/evidence/settle-incident.ts";
import { isSuspicious } from "../shared/policy/evidence/suspicion.ts";
import { createIncidentEyes, type IncidentEyes } from "./incident-eyes.ts";

const TICK_MS = 15_000;
const SAMPLES_KEPT = 6;

/** A decision, and when it was made. */
export interface Made {
  readonly atMs: number;
  readonly decision: Decision;
}

/** What the product would have done. */
export interface Verdicts {
  /** The first decision to act. */
  readonly acted: Made | null;
  /** The first request for an approval. */
  readonly asked: Made | null;
}

interface OpenIncident {
  readonly outage: Facts["outage"];
  readonly countedUntilAt: number | null;
  readonly isConfirmed: boolean;
  readonly calmSinceAt: number | null;
  readonly carriedLoss: null;
  readonly samples: readonly Sample[];
}

interface Watching {
  /** Names of sites that are configured, and never report. */
  readonly abstaining?: readonly string[];
  /** Sees each decision, with the facts it was made of. */
  readonly onRound?: (made: Made, facts: Facts) => void;
}

/** Judges one incident file from its beginning to its end, or until it acts. */
export async function runPolicy(
  incidentFile: IncidentFile,
  { abstaining = [], onRound = () => undefined }: Watching = {},
): Promise<Verdicts> {
  const { group } = createJudgedConfig(incidentFile.config, { abstaining });
  const loop = new PolicyLoop(incidentFile, group, onRound);
  return loop.run();
}

class PolicyLoop {
  private readonly eyes: IncidentEyes;
  private readonly policy: Policy;
  private readonly endMs: number;
  private readonly onRound: NonNullable<Watching["onRound"]>;
  private readonly looks = new Map<Place, Observation[]>();
  private samples: readonly Sample[] = [];
  private incident: OpenIncident | null = null;
  private asked: Made | null = null;

  constructor(incidentFile: IncidentFile, group: Group, onRound: NonNullable<Watching["onRound"]>) {
    this.onRound = onRound;
    this.eyes = createIncidentEyes(incidentFile, group);
    this.policy = group.policy;
    this.endMs = incidentFile.durationMs;
  }

  async run(): Promise<Verdicts> {
    for (let atMs = 0; atMs < this.endMs; ) {
      if (this.incident === null) {
        if (await this.tick(atMs)) this.incident = OPENED(this.samples);
        else atMs += TICK_MS;
        continue;
      }
      const round = await this.round(atMs, this.incident);
      const made: Made = { atMs: round.endedMs, decision: round.decision };
      this.onRound(made, round.facts);
      if (made.decision.verdict === "fail-over") return { acted: made, asked: this.asked };
      if (made.decision.verdict === "ask") this.asked ??= made;
      atMs = Math.max(round.endedMs, atMs + round.restMs);
    }
    return { acted: null, asked: this.asked };
  }

  /** One look of every site; true when one of them is suspicious. */
  private async tick(atMs: number): Promise<boolean> {
    await this.look(atMs);
    this.samples = [...this.samples, ...(await this.eyes.sample(atMs))].slice(-SAMPLES_KEPT);
    return [...this.looks.values()].some(isSuspicious);
  }

  /** Looks from everywhere; a site that is silent now is not heard of what it saw before either. */
  private async look(atMs: number): Promise<{ heard: Observation[]; endedMs: number }> {
    const seen = await Promise.all(PLACES.map((place) => this.eyes.look(place, atMs)));
    const heard: Observation[] = [];
    let endedMs = atMs;
    PLACES.forEach((place, i) => {
      const look = seen[i] ?? null;
      if (look === null) return;
      const looks = withLook(this.looks.get(place) ?? [], look);
      this.looks.set(place, looks);
      heard.push(...looks);
      endedMs = Math.max(endedMs, this.eyes.sinceStart(look.endedAt));
    });
    return { heard, endedMs };
  }

  private async round(atMs: number, incident: OpenIncident) {
    const { heard, endedMs } = await this.look(atMs);
    const now = await this.eyes.facts(endedMs);
    const gathered = {
      ...now,
      looks: heard,
      outage: incident.outage,
      samples: [...incident.samples],
    };
    const facts = countRounds(gathered, this.policy, incident);
    const { decision } = decide(facts, this.policy);
    const { end, ...settled } = settleIncident(incident, facts, decision, this.policy);
    const { outage, now: countedUntilAt } = facts;
    this.incident = end === null ? { ...incident, ...settled, outage, countedUntilAt } : null;
    return { decision, facts, endedMs, restMs: restMs(decision, this.policy) };
  }
}

const OPENED = (samples: readonly Sample[]): OpenIncident => ({
  outage: NO_OUTAGE,
  countedUntilAt: null,
  isConfirmed: false,
  calmSinceAt: null,
  carriedLoss: null,
  samples,
});

/** As the motor waits: the last look of the grace ends when the grace does. */
function restMs({ graceLeftMs }: Decision, { intervalMs, probeTimeoutMs }: Policy): number {
  if (graceLeftMs === null || graceLeftMs <= 0) return intervalMs;
  return Math.max(2_000, Math.min(intervalMs, graceLeftMs - probeTimeoutMs));
}
