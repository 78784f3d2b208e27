import type { Condition } from "../../shared/domain/condition.ts";
import type { Reason } from "../../shared/domain/decision.ts";
import type { Telling } from "../../shared/policy/conditions/condition-row.ts";
import { conditionRow, wordsOf } from "../../shared/policy/conditions/conditions.ts";
import type { Tell } from "../../shared/policy/conditions/evaluate-conditions.ts";
import { answerSays, guardSays, ruleSays, wouldHaveSays } from "../../shared/policy/sentences.ts";
import { sayInstant } from "../../shared/text/say-instant.ts";
import { sayMs } from "../../shared/text/say-time.ts";
import { wrapLines } from "../../shared/text/wrap-lines.ts";
import { nameGroup } from "./say-held.ts";

/** A message about a condition, for somebody who is tired: what, since when, what to do, what it means. */
export function sayCondition({ what, severity, condition, besides }: Tell, site: string): string {
  const row = conditionRow(condition.type);
  const words = wordsOf(condition);
  const where = condition.group ?? "every group";
  const downSinceAt = condition.because?.values.downSinceAt;
  const badSinceAt = condition.badSinceAt ?? condition.sinceAt;
  const since = sayInstant(typeof downSinceAt === "number" ? downSinceAt : badSinceAt);
  const tail = `Seen by ${site}. Condition: ${condition.type}.`;
  if (what === "over") {
    const ended = `It began ${since} and ended ${sayInstant(condition.sinceAt)}.`;
    return wrapLines([`${where}: over: ${words.title}.`, "Do now: nothing.", ended, tail]);
  }
  const { timesTold } = condition;
  const before =
    timesTold === 0 ? "" : `Told ${timesTold === 1 ? "once" : `${timesTold} times`} before. `;
  return wrapLines([
    `${where}: ${titleOf(what)}${words.title}.`,
    `Do now: ${nameGroup(words.repair, where)}.`,
    `Seen: ${saySeen(condition)}.`,
    `Since: ${since}.`,
    `It means: ${words.means}.`,
    ...besides.map((type) => `Still so as well: ${conditionRow(type).title}.`),
    `${before}Told again in ${sayMs(nextMs(row[severity], what, condition))}${besides.length > 0 ? ", or later," : ""} while it lasts.`,
    tail,
  ]);
}

function titleOf(what: "bad" | "worse" | "again"): string {
  switch (what) {
    case "bad":
      return "";
    case "worse":
      return "urgent now: ";
    case "again":
      return "still: ";
    default:
      return what satisfies never;
  }
}

function nextMs(telling: Telling | null, what: Tell["what"], { step }: Condition): number {
  const waits = telling?.againMs ?? [];
  return waits[what === "worse" ? 0 : step] ?? waits.at(-1) ?? 0;
}

/** What was seen, from the reason as it was written down. */
function saySeen({ type, group, subject, state, because }: Condition): string {
  if (state === "unknown") return "it was bad; nobody can tell now whether it still is";
  const value = (name: string) => because?.values[name] ?? "unknown";
  switch (type) {
    case "ledger-unreadable":
      return `${value("rows")}: ${value("first")}`;
    case "ledger-silent":
      return group === null
        ? `the store of ${value("stores")} ${sayUntaken(because?.values.why ?? null)}`
        : `seen down from here; the store that a failover needs is silent: ${value("stores")}`;
    case "paused":
      return `paused by ${value("owner")}, ${sayPause(because)}`;
    case "held":
      return sayHeld(because);
    case "primary-refuses":
    case "canary-blind":
      return `most sites are answered: ${sayAnswers(value("answers"))}`;
    case "secondary-down":
      return because?.code === "secondary-not-ready"
        ? `in Azure's own word its state is ${value("state")}`
        : "it answers no SQL to any site that asked";
    case "replication-suspended":
      return `in Azure's own word for it: ${value("state")}`;
    case "unprotected":
      return "the primary has not said that it is followed since the roles changed";
    case "operation-unended":
      return `${value("operation")} has not ended since ${sayBegan(because?.values.beganAt)}`;
    case "application-failing":
      return `${sayShare(because?.values.ratio)} of its requests succeed; ${sayShare(because?.values.floor)} is the floor`;
    case "key-unproven":
      return because?.code === "key-denied"
        ? `it is denied its key (${value("answer")})`
        : `it has not proven that it reaches its key (${value("why")})`;
    case "vantage-blind":
      return `${subject} sees nothing: ${sayAnswers(value("answer"))}`;
    case "site-silent":
      return `${subject} has not been heard`;
    default:
      return type satisfies never;
  }
}

function sayAnswers(codes: string | number): string {
  return String(codes).split(", ").map(answerSays).join("; ");
}

function sayBegan(at: number | string | null | undefined): string {
  return typeof at === "number" ? sayInstant(at) : "nobody knows when";
}

function sayShare(ratio: number | string | null | undefined): string {
  return typeof ratio === "number" ? `${Math.round(1_000 * ratio) / 10} %` : "an unknown share";
}

function sayHeld(because: Reason | null): string {
  const { guard, rule, wouldRule, wouldBe } = because?.values ?? {};
  if (typeof guard === "string") return guardSays(guard);
  const holds = ruleSays(typeof rule === "string" ? rule : "refused-by-check", "fail-over");
  if (typeof wouldRule !== "string") return holds;
  return `${holds}. ${wouldHaveSays({ rule: wouldRule, verdict: wouldBe ?? null }, "fail-over")}`;
}

function sayUntaken(why: string | number | null): string {
  switch (why) {
    case "silent":
      return "is read, and does not say that it takes anything";
    case "too-large":
      return "does not take the heartbeat: it is too large";
    case "others-write":
      return "does not take the heartbeat: others keep changing it";
    default:
      return "gives no answer, or takes nothing";
  }
}

function sayPause(because: Reason | null): string {
  const { scope, expiresAt } = because?.values ?? {};
  const end = typeof expiresAt === "number" ? `until ${sayInstant(expiresAt)}` : "without an end";
  return scope === "*" ? `with every other group, ${end}` : end;
}
