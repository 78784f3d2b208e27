import { timingSafeEqual } from "node:crypto";
import type { Group } from "../../shared/domain/group.ts";
import type { Ask } from "../../shared/domain/person.ts";
import { readLiveWithin } from "../../shared/ledger/live-rows.ts";
import { asksIn } from "../../shared/ledger/people.ts";
import { digestOf } from "../../shared/text/digest.ts";
import type { App } from "../app.ts";
import { HttpProblem } from "../http/http-problem.ts";

export interface FoundAsk {
  readonly group: Group;
  readonly ask: Ask;
  /** What the message of this token has shown, where a newer one has been sent. */
  readonly older: Ask["older"][number] | null;
}

/** A store of a lost region is waited for only as long as no other one knows the ask. */
const PATIENCE_MS = [200, 1_000, 5_000] as const;

/** The ask this token belongs to. Where two stores differ, the one that was answered is right, then the newest version. */
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
      const books = app.stores.of(group).both("home");
      const stores = await Promise.all(books.map((book) => readLiveWithin(book, patienceMs)));
      const found = stores.flatMap(asksIn).flatMap((ask): FoundAsk[] => {
        const older = ask.older.find((version) => isOf(version, hash)) ?? null;
        return older !== null || isOf(ask, hash) ? [{ group, ask, older }] : [];
      });
      const silentAt = stores.flatMap(({ silent, book }) => (silent ? [book.site] : []));
      return { silentAt, found };
    }),
  );
  const found = seen.flatMap((one) => one.found).sort((a, b) => b.ask.version - a.ask.version);
  return {
    found: found.find(({ ask }) => ask.answer !== "none") ?? found[0] ?? null,
    silentAt: [...new Set(seen.flatMap((one) => one.silentAt))],
  };
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
