import { sayMs } from "../shared/text/say-time.ts";
import { type Fault, faultMeanings } from "../simulator/faults.ts";
import { type Entry, worldEntry } from "./entry.ts";
import type { Run } from "./start-run.ts";

/** What really happens, from the world's own ledger. Returns what is new at every call. */
export function createWorldEntries({ world, group, faults, startAt }: Run): () => readonly Entry[] {
  const { posts, roles, losses } = world.record;
  const name = (side: "home" | "partner") => group[side].name;
  const due = faults.flatMap((fault) => faultEntries(fault, startAt)).sort((a, b) => a.at - b.at);
  const isOurs = (row: { readonly group: string }) => row.group === group.name;
  const told = new Set<object>();
  const fresh = <T extends object>(rows: readonly T[]): readonly T[] => {
    const news = rows.filter((row) => !told.has(row));
    for (const row of news) told.add(row);
    return news;
  };
  return () => {
    const now = world.now();
    return [
      ...fresh(due.filter(({ at }) => at <= now)),
      ...fresh(posts.filter(isOurs)).map(({ at, kind, side, answer }) =>
        worldEntry(at, `request received: ${kind} to ${name(side)}, ${answer}`),
      ),
      ...fresh(roles.filter((row) => isOurs(row) && row.kind !== "start")).map((row) =>
        worldEntry(row.at, `roles flip: ${name(row.primary)} is primary`),
      ),
      ...fresh(losses.filter(isOurs)).map(({ at, rows, database, lossMs }) =>
        worldEntry(at, `${rows} acknowledged rows of ${database} are missing: ${sayMs(lossMs)}`),
      ),
    ];
  };
}

function faultEntries(fault: Fault, startAt: number): readonly Entry[] {
  const { fault: kind, at, for: forMs, ...on } = fault;
  const where = Object.values(on).join(" ");
  const starts = worldEntry(startAt + at, `${kind} ${where}`.trim());
  const meaning = faultMeanings().get(kind);
  const first = { ...starts, notes: meaning === undefined ? [] : [meaning] };
  if (forMs === undefined) return [first];
  return [first, worldEntry(startAt + at + forMs, `over: ${kind} ${where}`.trim())];
}
