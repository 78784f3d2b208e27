import type { Facts } from "../shared/domain/facts.ts";
import type { LossBound } from "../shared/domain/loss.ts";
import type { Policy } from "../shared/domain/policy.ts";
import type { DecisionReceipt } from "../shared/domain/receipt.ts";
import { graceFor, graceLeft } from "../shared/policy/evidence/grace.ts";
import { lossUnknownSays } from "../shared/policy/sentences.ts";
import { sayInstant } from "../shared/text/say-instant.ts";
import { sayMs } from "../shared/text/say-time.ts";
import { alignColumns } from "./align-columns.ts";
import { sayActor } from "./explain-guards.ts";

/** How long the outage has lasted, and how much of the grace is left. */
export function explainCountdown({ facts, policy }: DecisionReceipt): readonly string[] {
  const { outage, now } = facts;
  const left = graceLeft(outage, now, policy);
  if (left === null || outage.onsetAt === null) return ["no outage is running"];
  const graceMs = graceFor(outage, now, policy);
  const which = graceMs === policy.graceMs ? "grace" : "grace of a server that still answers";
  const rest = left === 0 ? "over" : `${sayMs(left)} left`;
  return [
    `${which} ${sayMs(graceMs)}: ${rest}; ${sayMs(outage.outageMs)} of outage counted in ${outage.rounds} rounds`,
    `first failed look ${sayInstant(outage.onsetAt)}, ${sayMs(now - outage.onsetAt)} ago`,
  ];
}

/** What else was known: the secondary, its key, the loss, what people did. */
export function explainFacts({ facts, policy }: DecisionReceipt): readonly string[] {
  const { secondary, groupState, operation, claim } = facts;
  const role =
    groupState.kind === "read"
      ? `${groupState.targetRole}, ${groupState.replication.said}, policy ${groupState.failoverPolicy}`
      : `unknown: ${groupState.because}`;
  const rows = [
    [
      "target",
      `SQL ${secondary.sql}, state ${secondary.state.said}, ${sayFitness(secondary.fitness)}`,
    ],
    ["group", role],
    [
      "operation",
      operation.kind === "running" ? `${operation.said} by ${operation.by}` : operation.kind,
    ],
    ["key path", sayKeyPath(facts.keyPath, policy)],
    ["loss", `${sayLoss(facts.loss)}; budget ${sayMs(policy.lossBudgetMs)}`],
    ["claim", claim.kind === "open" ? `open, ${claim.state}, ${sayMs(claim.sinceMs)}` : claim.kind],
    ...sayPeople(facts),
  ];
  return alignColumns(rows);
}

function sayFitness(fitness: Facts["secondary"]["fitness"]): string {
  return fitness.kind === "fit" ? "fit" : `${fitness.kind}: ${fitness.because}`;
}

function sayKeyPath(keyPath: Facts["keyPath"], { keyProofMs }: Policy): string {
  switch (keyPath.kind) {
    case "not-needed":
      return "not needed: the service's own key";
    case "proven":
      return `proven ${sayMs(keyPath.ageMs)} ago; good for ${sayMs(keyProofMs)}`;
    case "denied":
      return `denied (${keyPath.code}) ${sayMs(keyPath.ageMs)} ago`;
    case "unknown":
      return `unknown: ${keyPath.because}`;
    default:
      return keyPath satisfies never;
  }
}

/** The most that forcing can lose. */
export function sayLoss(loss: LossBound): string {
  return loss.kind === "bounded"
    ? `at most ${sayMs(loss.atMostMs)} (${loss.database})`
    : `unknown: ${lossUnknownSays(loss.because)}${loss.database === null ? "" : ` (${loss.database})`}`;
}

function sayPeople({
  call,
  approvals,
  overrides,
  pause,
  now,
}: Facts): readonly (readonly string[])[] {
  const called =
    call === null
      ? []
      : [
          [
            "call",
            `${call.kind} by ${sayActor(call.actor)}, accepts ${listOf(call.accepts)}: ${call.reason}`,
          ],
        ];
  return [
    ...called,
    ...approvals.map(({ actor, guards, expiresAt }) => [
      "approval",
      `by ${sayActor(actor)}, accepts ${listOf(guards)}, good for ${sayMs(Math.max(0, expiresAt - now))}`,
    ]),
    ...overrides.map(({ guard, actor, reason, expiresAt }) => [
      "override",
      `of ${guard} by ${sayActor(actor)}, until ${sayInstant(expiresAt)}: ${reason}`,
    ]),
    ...pause.map(({ scope, owner, reason }) => ["pause", `of ${scope} by ${owner}: ${reason}`]),
  ];
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? "no guard" : names.join(", ");
}
