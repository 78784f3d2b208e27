import * as z from "zod";
import type { KeyProof } from "../shared/domain/watch.ts";
import { INCIDENT } from "../shared/ledger/incidents.ts";
import { KEY_PROOF } from "../shared/ledger/own-view.ts";
import { appEntry, type Entry } from "./entry.ts";
import type { Run } from "./start-run.ts";
import { createShelf } from "./stored-entries.ts";

const Coded = z.object({ code: z.string() });

/** What the secondary answers about its key: each change, and in an incident each proof. */
export function createKeyEntries({ world, group }: Run): () => readonly Entry[] {
  const last = new Map<string, { readonly said: string; readonly answeredAt: number }>();
  const [incidents, proofs] = [
    createShelf(world, group.name, INCIDENT),
    createShelf(world, group.name, KEY_PROOF),
  ];
  return () => {
    const open = incidents().some(({ value }) => value.closedAt === null);
    return proofs().flatMap(({ site, value: { keyPath } }) => {
      if (keyPath === null) return [];
      const said = sayKey(keyPath.answer);
      const before = last.get(site);
      const again = keyPath.answer.kind === "proven" && before?.answeredAt !== keyPath.answeredAt;
      const news = before?.said !== said || (open && again);
      last.set(site, { said, answeredAt: keyPath.answeredAt });
      return news ? [appEntry(keyPath.answeredAt, site, `key check: the secondary ${said}`)] : [];
    });
  };
}

function sayKey(answer: NonNullable<KeyProof["keyPath"]>["answer"]): string {
  switch (answer.kind) {
    case "proven":
      return "reaches its key";
    case "denied":
      return `is denied its key (${Coded.parse(answer).code})`;
    case "not-needed":
      return "needs no key of ours";
    case "unknown":
      return `does not know whether it reaches its key (${answer.because})`;
    default:
      return answer satisfies never;
  }
}
