import { EVERY_GROUP } from "../shared/domain/group.ts";
import { AUDIT, RECEIPT } from "../shared/ledger/audit.ts";
import { FAILBACK } from "../shared/ledger/failbacks.ts";
import type { SentRecord } from "../simulator/azure/world/record.ts";
import { appEntry, type Entry } from "./entry.ts";
import { createKeyEntries } from "./key-entries.ts";
import { sayAudit } from "./say-audit.ts";
import { sayDecision } from "./say-decision.ts";
import { sayFailback, sayFailoverReceipt } from "./say-receipt.ts";
import type { Run } from "./start-run.ts";
import { createShelf, type StoredEntry } from "./stored-entries.ts";

/** What the app says and writes down: audit, receipts, events, the road home. New at every call. */
export function createAppEntries(run: Run): () => readonly Entry[] {
  const { world, group } = run;
  const audits = fresh(createShelf(world, group.name, AUDIT));
  const generalAudits = fresh(createShelf(world, EVERY_GROUP, AUDIT));
  const receipts = fresh(createShelf(world, group.name, RECEIPT));
  const explainOnce = createExplainOnce();
  const failbacks = createFailbackEntries(run);
  const keys = createKeyEntries(run);
  let sent = 0;
  return () => {
    const events = world.record.sent.slice(sent);
    sent += events.length;
    return [
      ...[...audits(), ...generalAudits()].flatMap(({ value }) => sayAudit(value)),
      ...receipts().map(({ site, value }) =>
        value.kind === "decision"
          ? explainOnce(sayDecision(value))
          : sayFailoverReceipt(site, value),
      ),
      ...events.filter(({ event }) => event.group === group.name).flatMap(eventEntry),
      ...failbacks(),
      ...keys(),
    ];
  };
}

/** Several stores may hold the same row: it is one event. */
function fresh<T>(shelf: () => readonly StoredEntry<T>[]): () => readonly StoredEntry<T>[] {
  const seen = new Set<string>();
  return () =>
    shelf().filter(({ id }) => {
      const news = !seen.has(id);
      seen.add(id);
      return news;
    });
}

/** The same decision again needs no second explanation. */
function createExplainOnce(): (entry: Entry) => Entry {
  const explained = new Set<string>();
  return (entry) => {
    const gist = `${entry.verdict} ${entry.rule} ${entry.event}`;
    if (explained.has(gist)) return { ...entry, notes: [] };
    explained.add(gist);
    return entry;
  };
}

function createFailbackEntries({ world, group, config }: Run): () => readonly Entry[] {
  const shelf = createShelf(world, group.name, FAILBACK);
  const told = new Set<string>();
  return () =>
    shelf().flatMap(({ value }) => {
      if (value.state !== "waiting" || told.has(value.id)) return [];
      told.add(value.id);
      const { region } = group[value.awayOn];
      const site = config.sites.find((each) => each.region === region)?.name ?? "";
      return [sayFailback(site, value, group.policy)];
    });
}

/** A notice repeats a decision that has its own line; the other events reach somebody outside. */
function eventEntry({ at, site, event }: SentRecord): readonly Entry[] {
  switch (event.type) {
    case "notice":
      return [];
    case "ask":
      return [
        appEntry(at, site, "asks a person", {
          notes: [...said(event), ...howToAnswer(event.data)],
        }),
      ];
    case "page":
      return [appEntry(at, site, "pages a person", { notes: said(event) })];
    case "about-to-fail-over":
    case "not-failing-over":
    case "failed-over":
    case "writable":
    case "protected":
    case "failed-back":
    case "closed":
      return [appEntry(at, site, `tells everybody who listens: ${event.type}`)];
    default:
      return event.type satisfies never;
  }
}

/** A message starts with its group, which the timeline is about. */
function said({ group, text }: SentRecord["event"]): readonly string[] {
  return (text.startsWith(`${group}: `) ? text.slice(group.length + 2) : text).split("\n");
}

function howToAnswer(data: Record<string, unknown>): readonly string[] {
  return typeof data.token === "string"
    ? [`POST /api/approve or /api/deny with token ${data.token}`]
    : [];
}
