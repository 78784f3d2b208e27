import { timingSafeEqual } from "node:crypto";
import type { Group } from "../../shared/domain/group.ts";
import { type Ask, noesTo, type Shown } from "../../shared/domain/person.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { readLiveWithin } from "../../shared/ledger/live-rows.ts";
import { asksIn } from "../../shared/ledger/people.ts";
import { digestOf } from "../../shared/text/digest.ts";
import type { App } from "../app.ts";
import { HttpProblem } from "../http/http-problem.ts";

export interface FoundAsk {
  readonly group: Group;
  /** What an answer with this token is an answer to. */
  readonly ask: Ask;
  /** What the message of this token has shown. */
  readonly shown: Shown;
  /** The noes to its incident that are known. */
  readonly noes: readonly string[];
}

/** A store of a lost region is waited for only as long as no other one knows the ask. */
const PATIENCE_MS = [200, 1_000, 5_000] as const;

/**
 * The ask this token belongs to, or that which has replaced it since. Where two stores differ, the one that was answered is
 * right, then the newest version, then the store that acting reads.
 */
export async function findAsk(app: App, token: string): Promise<FoundAsk> {
  const hash = Buffer.from(digestOf(token));
  let silentAt: readonly string[] = [];
  for (const patienceMs of PATIENCE_MS) {
    const looked = await lookFor(app, hash, patienceMs);
    if (looked.found !== null) return looked.found;
    silentAt = looked.silentAt;
    if (silentAt.length === 0) throw unknownToken();
  }
  throw cannotLook(silentAt);
}

async function lookFor(
  app: App,
  hash: Buffer,
  patienceMs: number,
): Promise<{ readonly found: FoundAsk | null; readonly silentAt: readonly string[] }> {
  const seen = await Promise.all(
    app.config.groups.map(async (group) => {
      const ledger = app.stores.of(group);
      const books = ledger.both("home");
      const stores = await Promise.all(books.map((book) => readLiveWithin(book, patienceMs)));
      const acts = (book: Book, ask: Ask) => (book === ledger.target(ask.expectedPrimary) ? 1 : 0);
      const asks = stores
        .flatMap((rows) => asksIn(rows).map((ask) => ({ ask, acts: acts(rows.book, ask) })))
        .sort((a, b) => b.ask.version - a.ask.version || b.acts - a.acts)
        .map(({ ask }) => ask);
      const silentAt = stores.flatMap(({ silent, book }) => (silent ? [book.site] : []));
      return { silentAt, found: findIn(asks, group, hash) };
    }),
  );
  return {
    found: seen.find(({ found }) => found !== null)?.found ?? null,
    silentAt: [...new Set(seen.flatMap((one) => one.silentAt))],
  };
}

function findIn(asks: readonly Ask[], group: Group, hash: Buffer): FoundAsk | null {
  const sent = asks.flatMap((ask) => {
    const shown = [ask, ...ask.older].find((each) => isOf(each, hash));
    return shown === undefined ? [] : [{ ask, shown: { ...ask, ...shown } }];
  });
  const found = sent.find(({ ask }) => ask.answer !== "none") ?? sent[0];
  if (found === undefined) return null;
  const { ask, shown } = found;
  const next = ask.answer === "withdrawn" ? successorOf(ask, asks) : null;
  return { group, ask: next ?? ask, shown, noes: noesTo(asks, ask.incidentId) };
}

/** The newest that is asked of the same incident; null where that is over. */
function successorOf({ incidentId }: Ask, asks: readonly Ask[]): Ask | null {
  const taken = asks.filter(({ answer }) => answer === "withdrawn").map(({ id }) => id);
  const others = asks.filter((ask) => ask.incidentId === incidentId && !taken.includes(ask.id));
  return others.reduce<Ask | null>(
    (newest, ask) => (newest === null || ask.askedAt > newest.askedAt ? ask : newest),
    null,
  );
}

function isOf({ tokenHashes }: Pick<Ask, "tokenHashes">, hash: Buffer): boolean {
  return tokenHashes.some((each) => {
    const kept = Buffer.from(each.toLowerCase());
    return kept.length === hash.length && timingSafeEqual(kept, hash);
  });
}

function unknownToken(): HttpProblem {
  return new HttpProblem({
    status: 404,
    slug: "unknown-token",
    title: "No ask has this token",
    detail: "Cannot find the ask: no recent ask has this token; use the one of the newest notice",
  });
}

function cannotLook(silentAt: readonly string[]): HttpProblem {
  return new HttpProblem({
    status: 503,
    slug: "store-unreachable",
    title: "A store gave no answer",
    detail: `Cannot find the ask: no answer from the store of ${silentAt.join(", ")}; call again`,
    members: { silentAt },
  });
}
