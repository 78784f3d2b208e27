import type * as z from "zod";
import type { Announcement, notify as contract } from "../../orchestrations/contracts.ts";
import type { Decision } from "../../shared/domain/decision.ts";
import type { OutgoingEvent } from "../../shared/domain/event.ts";
import type { Heard } from "../../shared/domain/heard.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import type { Ask } from "../../shared/domain/person.ts";
import { readReceipt } from "../../shared/ledger/audit.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { claimIn } from "../../shared/ledger/claims.ts";
import { conditionsIn } from "../../shared/ledger/conditions.ts";
import { changeFailback, failbackIn } from "../../shared/ledger/failbacks.ts";
import { changeIncident } from "../../shared/ledger/incidents.ts";
import { watchIn } from "../../shared/ledger/own-view.ts";
import { openAsk } from "../../shared/ledger/people.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import { ignoreNotWritten } from "../../shared/ledger/rows.ts";
import { toldAt, wasSent } from "../../shared/ledger/sent.ts";
import { writeToBooks } from "../../shared/ledger/write-to-books.ts";
import { wordsOf } from "../../shared/policy/conditions/conditions.ts";
import { tellingDue } from "../../shared/policy/evidence/again.ts";
import {
  forgetNotice,
  heldBefore,
  heldSince,
  turnedSince,
} from "../../shared/policy/evidence/hear-decision.ts";
import { foreseeUnanswered, type Unanswered } from "../../shared/policy/evidence/unanswered.ts";
import { digestOf } from "../../shared/text/digest.ts";
import type { App } from "../app.ts";
import { failbackKey, type Grip, hold } from "../keeping/motor.ts";
import { announcedKey } from "../telling/announce.ts";
import { sayEvent } from "../telling/say-event.ts";
import { eventId, sendOnce } from "../telling/send-once.ts";

type Input = z.infer<typeof contract.input>;

const ANSWER_AT = { approve: "POST /api/approve", deny: "POST /api/deny" };

/** Tells people and hooks once. An ask opens its row first and carries a token that is kept only as a hash. */
export function createNotify(app: App) {
  return async (input: Input): Promise<z.infer<typeof contract.output>> => {
    const held = await hold(app, input);
    if (held === null) return { kind: "told-already" };
    const { announcement } = input;
    const subject = subjectOf(held, announcement);
    const { workId, sinceAt } = subject;
    const id = await nextId(held.book, announcement, subject, app.ports.clock.now());
    const told = await wasSent(held.book, { id, aboutAt: sinceAt });
    if (told === "sent") return { kind: "told-already" };

    const decision = await decisionOf(held);
    const opened = announcement.type === "ask" ? await ask(app, held, input, announcement) : null;
    if (opened?.answered) return { kind: "told-already" };
    const event: OutgoingEvent = {
      id,
      type: announcement.type,
      group: held.group.name,
      incidentId: workId,
      at: app.ports.clock.now(),
      urgent: announcement.urgent,
      text: sayEvent({
        announcement,
        group: held.group.name,
        purpose: input.purpose,
        primary: held.group[held.expectedPrimary],
        target: held.group[held.target],
        decision,
        onsetAt: sinceWhen(held.incident, decision),
        seen: held.incident?.seen ?? null,
        newest: newestLook(held, app.ports.clock.now()),
        loss: held.incident?.loss ?? null,
        decidedAt: held.incident?.decidedAt ?? null,
        unanswered: unanswered(held, input, decision),
        standing: standingIn(held),
        heldBack: heldBackIn(held, announcement),
        turned: held.heard === null ? null : turnedSince(held.heard),
        refusals: valueOrNull(claimIn(held.rows))?.refusals ?? 0,
        workId,
        site: app.config.self.name,
      }),
      data: {
        primary: held.group[held.expectedPrimary].name,
        target: held.group[held.target].name,
        targetRegion: held.group[held.target].region,
        decision,
        loss: held.incident?.loss ?? null,
        ...(opened === null ? {} : { token: opened.token, ...ANSWER_AT }),
      },
    };
    const [kind] = await Promise.all([sendOnce(app, held.book, event, sinceAt), opened?.others]);
    if (kind === "failed" && announcement.type === "notice") await forgetHeard(app, held);
    return { kind };
  };
}

/** Trouble may have begun long before the outage that runs just now, or without one. */
function sinceWhen(incident: Incident | null, decision: Decision | null): number | null {
  if (incident === null) return null;
  const { onsetAt, trouble, partialSinceAt } = incident.outage;
  const troubleAt = trouble?.sinceAt ?? null;
  if (decision?.diagnosis === "trouble") return troubleAt;
  if (decision?.diagnosis === "partial-loss") return partialSinceAt ?? troubleAt;
  return onsetAt ?? troubleAt;
}

/** What this site's tick has seen since it was decided: while a request is followed nothing is decided. */
function newestLook({ rows, expectedPrimary, incident }: Grip, now: number): Observation | null {
  const looks = valueOrNull(watchIn(rows))?.looks ?? [];
  const newest = looks.filter(({ target }) => target === expectedPrimary).at(-1);
  if (newest === undefined || newest.endedAt <= (incident?.decidedAt ?? 0)) return null;
  return now - newest.endedAt < NEWEST_MS ? newest : null;
}

function unanswered(
  { group: { policy }, incident }: Grip,
  { announcement, purpose }: Input,
  decision: Decision | null,
): Unanswered {
  if (announcement.type !== "ask" || decision === null) return { kind: "waits" };
  const { kind } = announcement.question;
  const storageFailed = (incident?.outage.storageFailedAt ?? null) !== null;
  return foreseeUnanswered(decision, { purpose, kind, policy, storageFailed });
}

function standingIn({ rows }: Grip): readonly string[] {
  return conditionsIn(rows)
    .filter(({ state, severity }) => state === "bad" && severity !== null)
    .map((condition) => [wordsOf(condition).title, condition.subject])
    .map(([title, subject]) => `${title}${subject === null ? "" : `: ${subject}`}`);
}

/** What people were not told when it was decided. A notice says what came just before it. */
function heldBackIn({ heard }: Grip, { type }: Announcement): readonly string[] {
  if (heard === null) return [];
  const held = type === "notice" ? heldBefore(heard) : heldSince(heard);
  return held.map(({ rule }) => rule);
}

/** A notice that did not go out is due again in a minute: it was written down as heard before it was sent. */
async function forgetHeard(
  { ports }: App,
  { book, work, known, rows, incident }: Grip,
): Promise<void> {
  const forget = <T extends { readonly heard: Heard | null }>(row: T): T | null =>
    row.heard === null ? null : { ...row, heard: forgetNotice(row.heard, ports.clock.now()) };
  const forgotten =
    incident === null
      ? changeFailback(book, failbackKey(work), forget, failbackIn(rows, "partner"))
      : changeIncident(book, work, forget, known);
  await forgotten.catch(ignoreNotWritten);
}

interface Told {
  readonly workId: string;
  readonly sinceAt: number;
  readonly key: string;
}

/** What was seen longer ago says nothing of now. */
const NEWEST_MS = 60_000;

/** What became of a claim is told in the name of the work that took it, whoever follows it: once. */
function subjectOf({ rows, work, sinceAt }: Grip, announcement: Announcement): Told {
  const { type, key } = announcement;
  const claim = valueOrNull(claimIn(rows));
  if (claim !== null && (type === "failed-over" || type === "writable")) {
    return { workId: claim.incidentId, sinceAt: claim.takenAt, key };
  }
  const ofWork = { workId: work.incidentId, sinceAt, key };
  if (claim === null || type !== "about-to-fail-over") return ofWork;
  return { ...ofWork, key: announcedKey(claim) };
}

/** A page of what was paged before waits its time, then it has an id of its own: until then it was told. */
async function nextId(
  book: Book,
  { type }: Announcement,
  { workId, sinceAt, key }: Told,
  now: number,
): Promise<string> {
  const id = eventId(workId, type, key);
  if (type !== "page") return id;
  const firstAt = await toldAt(book, { id, aboutAt: sinceAt });
  const telling = firstAt === null ? 1 : tellingDue(firstAt, now);
  return telling === 1 ? id : `${id}~${telling}`;
}

async function decisionOf(held: Grip): Promise<Decision | null> {
  if (held.incident !== null) return held.incident.decision;
  if (held.decisionId === null) return null;
  const receipt = await readReceipt(held.book, held.decisionId);
  return receipt?.decision ?? null;
}

interface Opened {
  readonly token: string;
  readonly answered: boolean;
  /** The same row in the other store. */
  readonly others: Promise<unknown>;
}

async function ask(
  app: App,
  held: Grip,
  input: Input,
  { askKey, question }: Extract<Announcement, { type: "ask" }>,
): Promise<Opened> {
  const now = app.ports.clock.now();
  const token = app.ports.newId();
  const row: Ask = {
    id: `${input.incidentId}~${askKey}`,
    incidentId: input.incidentId,
    purpose: input.purpose,
    expectedPrimary: held.expectedPrimary,
    ...question,
    tokenHashes: [digestOf(token)],
    older: [],
    askedAt: now,
    unwantedSinceAt: null,
    answer: "none",
    answeredAt: null,
    takesBack: [],
  };
  const opened = await openAsk(held.book, row);
  if (opened.answer !== "none" || opened.version !== row.version) {
    return { token, answered: true, others: Promise.resolve() };
  }
  // The other store may lie in the lost region: nobody waits for it before people are told.
  const others = held.ledger.both(held.expectedPrimary).filter((book) => book !== held.book);
  return { token, answered: false, others: writeToBooks(others, (book) => openAsk(book, row)) };
}
