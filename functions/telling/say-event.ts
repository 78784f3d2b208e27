import type { Announcement } from "../../orchestrations/contracts.ts";
import type { Decision } from "../../shared/domain/decision.ts";
import type { Instance } from "../../shared/domain/group.ts";
import type { GuardId } from "../../shared/domain/guard.ts";
import type { Seen } from "../../shared/domain/incident.ts";
import type { LossBound } from "../../shared/domain/loss.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import type { FailoverKind, Purpose } from "../../shared/domain/purpose.ts";
import type { Turned } from "../../shared/policy/evidence/hear-decision.ts";
import { wouldHave } from "../../shared/policy/evidence/held-by-mode.ts";
import type { Unanswered } from "../../shared/policy/evidence/unanswered.ts";
import {
  answerSays,
  diagnosisSays,
  guardSays,
  lossUnknownSays,
  ruleSays,
  wouldHaveSays,
} from "../../shared/policy/sentences.ts";
import { sayInstant } from "../../shared/text/say-instant.ts";
import { sayMs } from "../../shared/text/say-time.ts";
import { wrapLines } from "../../shared/text/wrap-lines.ts";
import { heldBy, sayGuard, sayRepair } from "./say-held.ts";
import { saySeen } from "./say-seen.ts";

/** What a message is about. */
export interface Told {
  readonly announcement: Announcement;
  readonly group: string;
  readonly purpose: Purpose;
  readonly primary: Pick<Instance, "name" | "region">;
  readonly target: Pick<Instance, "name" | "region">;
  readonly decision: Decision | null;
  /** Since when the primary has been down; null while nobody knows, and on the way home. */
  readonly onsetAt: number | null;
  readonly loss: LossBound | null;
  /** Who saw what when it was decided; null on the way home. */
  readonly seen: Seen | null;
  /** What this site has seen of the primary since it was decided; null: nothing. */
  readonly newest: Pick<Observation, "result" | "code" | "endedAt"> | null;
  readonly decidedAt: number | null;
  readonly unanswered: Unanswered;
  /** Titles of the conditions of the group that are bad. */
  readonly standing: readonly string[];
  /** Requests in a row that came to nothing. */
  readonly refusals: number;
  /** Rules that were decided by, and of which nobody was told so that nobody is told too often. */
  readonly heldBack: readonly string[];
  /** What has closed and opened between the last two notices; null where nobody has heard any. */
  readonly turned: Turned | null;
  readonly workId: string;
  readonly site: string;
}

/** Of what holds; further guards are in the receipt. An ask names each: an approval of it accepts them all. */
const GUARDS_SAID = 3;

/** Nobody reads on at three in the morning. */
const LINES_MOST = 12;

/**
 * A message for somebody who is tired: what, what to do now, where and since when, what is in the way, what would be
 * lost, what it does by itself. Ids come last: they are what can be searched for.
 */
export function sayEvent(told: Told): string {
  const { group, decision, workId, site } = told;
  const rule = decision === null ? "" : `Rule: ${decision.rule}. `;
  const now = [
    endSentence(`${group}: ${sayWhat(told)}`),
    endSentence(`Do now: ${sayToDo(told)}`),
    ...sayPlight(told),
    ...sayObstacles(told),
  ];
  const ids = [`${sayWhere(told)}Told by ${site}.`, `${rule}Incident: ${workId}.`];
  return wrapToFit(now, [...sayTurned(told), ...sayHeldBack(told)], ids);
}

/** What has been meanwhile gives way to what is now: it stands in status. */
function wrapToFit(
  now: readonly string[],
  meanwhile: readonly string[],
  ids: readonly string[],
): string {
  const text = wrapLines([...now, ...meanwhile, ...ids]);
  if (meanwhile.length === 0 || text.split("\n").length <= LINES_MOST) return text;
  return wrapToFit(now, meanwhile.slice(0, -1), ids);
}

/** What is over needs no looking into; a page says it where it says what to do. */
function sayWhere({ announcement, group }: Told): string {
  if (isPast(announcement) || announcement.type === "page") return "";
  return `More: npx geo-failover why ${group}. `;
}

function endSentence(text: string): string {
  return text.endsWith("?") ? text : `${text}.`;
}

function sayWhat({ announcement, purpose, target, decision, refusals }: Told): string {
  const to = `${target.name}, ${target.region}`;
  switch (announcement.type) {
    case "ask":
      return purpose === "fail-back"
        ? `please decide: go home to ${to}?`
        : `please decide: fail over to ${to}, ${announcement.question.kind}?`;
    case "notice":
      return decision === null ? "a new decision" : sayDecision(decision, purpose);
    case "page":
      return sayTrouble(announcement.key, target.name, refusals);
    case "about-to-fail-over":
      return `about to fail over to ${to}${decision?.kind ? `, ${decision.kind}` : ""}`;
    case "not-failing-over":
      return `not failing over to ${to}${announcement.urgent ? " yet" : ""}: what was announced has not come`;
    case "failed-over":
      return `the roles have moved: ${target.name} is primary`;
    case "writable":
      return `${target.name} is primary, and takes writes`;
    case "protected":
      return "there is a secondary again";
    case "failed-back":
      return `home again: ${target.name} is primary`;
    case "closed":
      return sayEnd(announcement.key);
    default:
      return announcement satisfies never;
  }
}

/** What comes of a decision, and by which sentence of the table. */
export function sayDecision(decision: Decision, purpose: Purpose): string {
  const { verdict, rule } = decision;
  const held = heldBy(decision);
  const because = held === null ? ruleSays(rule, purpose) : sayGuard(held);
  switch (verdict) {
    case "hold":
      return `nothing is sent: ${because}`;
    case "ask":
      return `please decide: ${because}`;
    case "fail-over":
      return `it will act: ${because}`;
    case "stand-down":
      return `left to whoever has begun it: ${because}`;
    default:
      return verdict satisfies never;
  }
}

/** The kind of trouble that an orchestration pages for comes first in the key. */
function kindOf(key: string): string {
  return key.split("-", 1)[0] ?? key;
}

function sayRemedy(key: string, group: string, target: string, newest: Told["newest"]): string {
  switch (kindOf(key)) {
    case "slow":
      return "look at the group in the portal; request nothing beside it";
    case "unverified":
      return `see whether ${target} answers, and its databases take writes`;
    case "undone":
      return "look at the group in the portal: who has moved them back?";
    default:
      if (newest?.result === "writes")
        return `npx geo-failover why ${group}; it takes writes again`;
      return `npx geo-failover why ${group}; if it cannot wait, fail over by hand`;
  }
}

function sayTrouble(key: string, target: string, refusals: number): string {
  const kind = kindOf(key);
  const code = key.slice(kind.length + 1);
  switch (kind) {
    case "refused":
      return `Azure refused the failover${sayRefusals(refusals)}: ${code}`;
    case "ended":
      return `the failover ended without moving the roles: ${code}`;
    case "slow":
      return "the failover takes longer than it ever should";
    case "too":
      return "nothing could be sent in time: a store or the host is too slow";
    case "unverified":
      return `the roles have moved, and ${target} is not seen to serve`;
    case "undone":
      return "the roles have moved, and have moved back again";
    default:
      return key;
  }
}

function sayRefusals(refusals: number): string {
  return refusals > 1 ? `, the last of ${refusals} requests that came to nothing` : "";
}

/** How an incident ended. */
export function sayEnd(end: string): string {
  switch (end) {
    case "recovered":
      return "over: the primary is well again";
    case "failed-over":
      return "over: failed over";
    case "stood-down":
      return "over: somebody else has moved the roles, or keeps the group";
    case "not-confirmed":
      return "over: what was suspected was never confirmed";
    default:
      return `over: ${end}`;
  }
}

function sayToDo({ announcement, group, target, decision, newest, standing }: Told): string {
  switch (announcement.type) {
    case "ask":
      return "answer with the token of this message: POST /api/approve or /api/deny";
    case "notice":
      return decision?.verdict === "fail-over"
        ? "nothing; if it must not be, POST /api/pause"
        : ((decision && sayRepair(decision, group)) ?? "nothing");
    case "page":
      return sayRemedy(announcement.key, group, target.name, newest);
    case "about-to-fail-over":
      return "nothing; it is sent now: POST /api/pause says whether it still stops it";
    case "not-failing-over":
      return announcement.urgent
        ? `npx geo-failover why ${group}; if it cannot wait, fail over by hand`
        : "nothing: the incident is over";
    case "failed-over":
      return "nothing yet: whether it serves is being looked at";
    case "writable":
      return "see that what writes follows the listener";
    case "closed":
      return standing.length === 0 ? "nothing" : "see to what is still wrong";
    case "protected":
    case "failed-back":
      return "nothing";
    default:
      return announcement satisfies never;
  }
}

/** Where, what is wrong, and since when; whoever hears that it is over need not hear it again. */
function sayPlight(told: Told): readonly string[] {
  const { announcement, primary, decision, onsetAt, standing } = told;
  if (announcement.type === "closed" && standing.length > 0) {
    return [`Still wrong: ${standing.join("; ")}.`];
  }
  if (decision === null || isPast(announcement)) return [];
  const named = `${primary.name}, ${primary.region}`;
  const { newest } = told;
  if (announcement.type === "page" && newest !== null) {
    const says = newest.result === "writes" ? "it takes writes" : answerSays(newest.code);
    return [`Primary: ${named}: ${says}, seen ${sayInstant(newest.endedAt)}.`];
  }
  const asked = announcement.type === "ask" ? announcement.question : decision;
  const since = onsetAt === null ? "" : ` Since ${sayInstant(onsetAt)}.`;
  const role = decision.rule === "roles-moved" ? "Primary until then" : "Primary";
  return [`${role}: ${named}: ${diagnosisSays(asked.diagnosis)}.${since}`, ...saySeen(told.seen)];
}

/** What is in the way, what it may cost, and what happens while nobody does anything. */
function sayObstacles(told: Told): readonly string[] {
  const { announcement, decision, loss } = told;
  if (decision === null || isPast(announcement)) return [];
  if (announcement.type === "ask") {
    const { kind, guards, lossAtMostMs, version } = announcement.question;
    const outward =
      kind === "planned" ? "It is planned: nothing more is lost." : sayCost(lossAtMostMs, loss);
    return [
      ...(version > 1 ? ["This replaces what was sent before: more is in the way by now."] : []),
      ...sayWhy(decision, told.purpose),
      ...sayInTheWay(guards.map(guardSays)),
      ...sayRefused(kind, decision),
      `${told.purpose === "fail-back" ? "" : `${outward} `}An approval accepts just that.`,
      sayUnanswered(told),
    ];
  }
  const forced = decision.verdict === "fail-over" && decision.kind === "forced";
  const lost = loss?.kind === "bounded" ? loss.atMostMs : null;
  return [
    ...sayInTheWay(firstGuards(decision)),
    ...(forced ? [sayCost(lost, loss)] : []),
    ...sayWait(decision, told.purpose),
  ];
}

function sayRefused(kind: FailoverKind, { waitingFor }: Decision): readonly string[] {
  if (!waitingFor.some(({ code }) => code === "replication-suspended")) return [];
  const planned = kind === "planned" ? "" : "No planned one is offered: ";
  return [`${planned}Azure refuses it while replication is suspended.`];
}

/** In one line, the newest of it; without what the message itself says. An ask has no room for what is past. */
function sayHeldBack({ announcement, heldBack, decision, purpose }: Told): readonly string[] {
  if (announcement.type === "ask") return [];
  const others = heldBack.filter((rule) => rule !== decision?.rule);
  if (others.length === 0) return [];
  const more = others.length === 1 ? "" : `, and ${others.length - 1} more`;
  return [`Since the last message also: ${ruleSays(others.at(-1) ?? "", purpose)}${more}.`];
}

/** A notice may have the words of the last one: this is what is new in it. The first of each; all stand in status. */
function sayTurned({ announcement, turned }: Told): readonly string[] {
  if (announcement.type !== "notice" || turned === null) return [];
  return [
    ...sayFirst("Since the last notice in the way", turned.closed),
    ...sayFirst("No longer in the way", turned.opened),
  ];
}

function sayFirst(what: string, [first, ...others]: readonly GuardId[]): readonly string[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : `; and ${others.length} more`;
  return [`${what}: ${guardSays(first)}${more}.`];
}

function sayInTheWay(obstacles: readonly string[]): readonly string[] {
  return obstacles.length === 0 ? [] : [`In the way: ${obstacles.join("; ")}.`];
}

function sayCost(lostMs: number | null, loss: LossBound | null): string {
  if (lostMs === null) {
    const why = loss?.kind === "unknown" ? `: ${lossUnknownSays(loss.because)}` : "";
    return `If it is forced, nobody knows how much is lost${why}.`;
  }
  if (loss?.kind !== "bounded") {
    return `If it is forced, at most what was written in ${sayMs(lostMs)} is lost.`;
  }
  const measured = `If it is forced, at most what was written in ${sayMs(loss.atMostMs)} is lost (measured; worst: ${loss.database})`;
  return loss.atMostMs === lostMs
    ? `${measured}.`
    : `${measured}; an approval covers ${sayMs(lostMs)}.`;
}

/** What is in the way says why, or what is wrong does. */
const SAID_ALREADY: readonly string[] = ["guard", "key-denied", "long-trouble", "flapping"];

function sayWhy({ rule, verdict, because }: Decision, purpose: Purpose): readonly string[] {
  if (verdict !== "ask" || SAID_ALREADY.includes(rule)) return [];
  const lost = because.find(({ code }) => code === "partial")?.values.databases;
  const which = typeof lost === "string" && lost !== "" ? `: ${lost.replaceAll(" ", ", ")}` : "";
  return [`Why: ${ruleSays(rule, purpose)}${which}.`];
}

function sayUnanswered({ unanswered, decidedAt }: Told): string {
  switch (unanswered.kind) {
    case "waits":
      return "Nothing is sent before somebody answers.";
    case "waits-for-guards":
      return "Nothing is sent while that is in the way, unless somebody approves.";
    case "waits-for-loss":
      return "By itself it acts only on a whole loss that lasts its grace.";
    case "acts-when-open": {
      const { afterMs } = unanswered;
      return afterMs === null || decidedAt === null
        ? "Should what is in the way go by itself, it acts; POST /api/pause prevents that."
        : `At ${sayInstant(decidedAt + afterMs)} it acts by itself, unless denied or paused.`;
    }
    default:
      return unanswered satisfies never;
  }
}

/** What it does by itself while nobody does anything. */
function sayWait(decision: Decision, purpose: Purpose): readonly string[] {
  const { verdict, rule, graceLeftMs } = decision;
  const would = wouldHave(decision);
  if (would !== null) return [`${wouldHaveSays(would.values, purpose)}.`];
  if (rule === "failover-by-other") {
    return ["By itself: if it ends without moving the roles, this site goes on as before."];
  }
  if (rule === "healed") {
    return [
      "By itself: should it fail again while the approval is good, it acts; POST /api/deny takes the approval back.",
    ];
  }
  if (verdict !== "hold") return [];
  const grace = graceLeftMs === null || graceLeftMs === 0 ? null : sayMs(graceLeftMs);
  const then = grace === null ? "" : `; when the grace ends, in ${grace}, it acts or asks`;
  return [`By itself: it goes on looking${then}.`];
}

/** Those that nobody lifts come first in the table. */
function firstGuards(decision: Decision): readonly string[] {
  const first = heldBy(decision);
  const closed = decision.guards.filter((one) => one.state === "closed" && one !== first);
  const more = closed.length - GUARDS_SAID;
  const said = closed.slice(0, GUARDS_SAID).map(sayGuard);
  return more > 0 ? [...said, `and ${more} more`] : said;
}

function isPast({ type }: Announcement): boolean {
  return ["closed", "failed-over", "writable", "protected", "failed-back"].includes(type);
}
