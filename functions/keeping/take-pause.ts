import type { Pause } from "../../shared/domain/person.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { moveFence } from "../../shared/ledger/fence.ts";
import { writePause } from "../../shared/ledger/pauses.ts";
import { type Written, writeToBooks } from "../../shared/ledger/write-to-books.ts";
import type { App } from "../app.ts";
import { writeAudit } from "../telling/write-audit.ts";

/** A request that left before the pause, or of which nobody can say that it does not. */
interface Unfenced {
  readonly group: string;
  readonly site: string;
  readonly request: "out" | "cannot-be-excluded";
}

/** Where a pause is written, and what it came too late for. Without either list nothing is sent any more. */
export interface TakenPause extends Written {
  readonly requests: readonly Unfenced[];
}

interface Pausing {
  readonly pause: Pause;
  readonly principal: string | null;
  /** Where the pause is kept, and where the claims may be of the groups that it covers. */
  readonly books: readonly Book[];
  readonly claims: readonly Book[];
}

/** Pauses, in all stores side by side; in each of them the pause first, then the fences. Twice is once. */
export async function takePause(app: App, pausing: Pausing): Promise<TakenPause> {
  const taken = await Promise.all(pausing.books.map((book) => pauseAt(app, pausing, book)));
  return {
    writtenAt: taken.flatMap(({ writtenAt }) => writtenAt),
    missingAt: taken.flatMap(({ missingAt }) => missingAt),
    requests: taken.flatMap(({ requests }) => requests),
  };
}

async function pauseAt(app: App, pausing: Pausing, book: Book): Promise<TakenPause> {
  const { pause, principal } = pausing;
  const written = await writeToBooks([book], (each) => writePause(each, pause));
  const isWritten = written.missingAt.length === 0;
  const claims = pausing.claims.filter(({ site }) => site === book.site);
  const fenced = await Promise.all(
    claims.map(async (claim): Promise<readonly Unfenced[]> => {
      const found = isWritten ? await moveFence(claim, app.ports.clock.now()) : "unknown";
      if (found === "clear") return [];
      const request = found === "out" ? "out" : "cannot-be-excluded";
      return [{ group: claim.group, site: book.site, request }];
    }),
  );
  const requests = fenced.flat();
  if (!isWritten) return { ...written, requests };
  const audited = await writeToBooks([book], (each) =>
    writeAudit(app, each, {
      key: app.ports.newId(),
      ofAt: pause.pausedAt,
      rule: null,
      receiptId: null,
      incidentId: null,
      action: "pause",
      actor: pause.owner,
      detail: { pause, requests, principal },
    }),
  );
  return { ...audited, requests };
}
