import { timingSafeEqual } from "node:crypto";
import type { Group } from "../../shared/domain/group.ts";
import type { Ask } from "../../shared/domain/person.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { asksIn } from "../../shared/ledger/people.ts";
import { digestOf } from "../../shared/text/digest.ts";
import type { App } from "../app.ts";
import { HttpProblem } from "../http/http-problem.ts";

export interface FoundAsk {
  readonly group: Group;
  readonly ask: Ask;
}

/** The ask this token belongs to. Where two stores differ, the one that was answered is right. */
export async function findAsk(app: App, token: string): Promise<FoundAsk> {
  const hash = Buffer.from(digestOf(token));
  const read = await Promise.all(
    app.config.groups.map(async (group) => {
      const read = await Promise.all(app.stores.of(group).both("home").map(readLive));
      const found = read.flatMap(asksIn).filter((ask) => isOf(ask, hash));
      const silentAt = read.flatMap(({ silent, book }) => (silent ? [book.site] : []));
      return { silentAt, found: found.map((ask) => ({ group, ask })) };
    }),
  );
  const found = read.flatMap((one) => one.found);
  const chosen = found.find(({ ask }) => ask.answer !== "none") ?? found[0];
  if (chosen !== undefined) return chosen;
  const silentAt = [...new Set(read.flatMap((one) => one.silentAt))];
  throw silentAt.length === 0 ? unknownToken() : cannotLook(silentAt);
}

function isOf(ask: Ask, hash: Buffer): boolean {
  return ask.tokenHashes.some((each) => {
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
