// Is anybody sent too much? Read from the messages that arrived, whichever site sent them: it knows their ids and kinds,
// and nothing of how they are made.

import type { OutgoingEvent } from "../shared/domain/event.ts";

/** A message that arrived. */
export interface Delivered {
  readonly at: number;
  readonly event: OutgoingEvent;
}

/** What somebody was sent, in numbers. */
export interface MessageCounts {
  /** New questions; a newer version of one is none. */
  readonly asks: number;
  /** Pages, and asks that were sent once more. */
  readonly pages: number;
}

interface Limit {
  readonly says: string;
  readonly most: number;
  readonly withinMs: number;
  /** What is counted together; null: this limit does not count it. */
  readonly topic: (event: OutgoingEvent) => string | null;
  /** The same once more is not counted. */
  readonly once: boolean;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** These are asked at once, whatever was asked before. */
const WORSE = /-(key-denied|instance-loss|regional-loss)$/;
/** What came of an act is told however often it acts, and so are two primaries. */
const OF_ACTS = /~page~(undone|unverified|ended|old-primary-takes-writes)/;

const LIMITS: readonly Limit[] = [
  {
    says: "asks within 15 minutes",
    most: 1,
    withinMs: 15 * MINUTE_MS,
    topic: (event) => (isNewAsk(event) && !WORSE.test(event.id) ? event.incidentId : null),
    once: true,
  },
  {
    says: "pages and repeats within an hour",
    most: 6,
    withinMs: HOUR_MS,
    topic: (event) => (isPage(event) ? event.group : null),
    once: false,
  },
  {
    says: "times a notice of one topic within five minutes",
    most: 1,
    withinMs: 5 * MINUTE_MS,
    topic: topicOf,
    once: true,
  },
  ...(["about-to-fail-over", "not-failing-over"] as const).map((type) => ({
    says: `times ${type} within an hour`,
    most: 1,
    withinMs: HOUR_MS,
    topic: (event: OutgoingEvent) => (event.type === type ? event.incidentId : null),
    once: true,
  })),
];

/** A line for each time that somebody was sent more of something than anybody can bear. */
export function findCrowding(delivered: readonly Delivered[]): readonly string[] {
  const byTime = delivered.toSorted((a, b) => a.at - b.at);
  return LIMITS.flatMap((limit) => findOver(byTime, limit));
}

function findOver(
  delivered: readonly Delivered[],
  { says, most, withinMs, topic, once }: Limit,
): readonly string[] {
  const lately = new Map<string, Delivered[]>();
  return delivered.flatMap((message) => {
    const about = topic(message.event);
    if (about === null) return [];
    const before = (lately.get(about) ?? []).filter(({ at }) => message.at - at < withinMs);
    if (once && before.some(({ event }) => event.id === message.event.id)) return [];
    const counted = [...before, message];
    lately.set(about, counted);
    if (counted.length <= most) return [];
    return [`${counted.length} ${says}: ${counted.map(({ event }) => event.id).join(", ")}`];
  });
}

/** How many asks and pages arrived; the same once more under its own id is none. */
export function countMessages(delivered: readonly Delivered[]): MessageCounts {
  const events = new Map(delivered.map(({ event }) => [event.id, event]));
  const count = (counts: (event: OutgoingEvent) => boolean) =>
    [...events.values()].filter(counts).length;
  return {
    asks: count(isNewAsk),
    pages: count((event) => event.type === "page" || isRepeat(event)),
  };
}

/** The first sending of an ask; its id ends with what is asked. */
function isNewAsk({ type, id }: OutgoingEvent): boolean {
  return type === "ask" && /~(forced|planned)-[a-z-]+$/.test(id);
}

function isRepeat({ type, id }: OutgoingEvent): boolean {
  return type === "ask" && /~\d+$/.test(id);
}

function isPage(event: OutgoingEvent): boolean {
  return (event.type === "page" && !OF_ACTS.test(event.id)) || isRepeat(event);
}

/** What a notice is about: the decisions of an incident, one condition's bad or good news, one alert rule. */
function topicOf({ type, id, incidentId, urgent, data }: OutgoingEvent): string | null {
  if (type !== "notice") return null;
  if (id.startsWith("condition~")) return id.replace(/~\d+~(\w+)-\d+$/, "~$1");
  if (typeof data.rule === "string") return data.rule;
  // A denied key can still be mended: that is told at once, once.
  return urgent ? `${incidentId}~urgent` : incidentId;
}
