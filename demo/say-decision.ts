import type * as z from "zod";
import type { Reason } from "../shared/domain/decision.ts";
import type { DecisionReceipt } from "../shared/domain/receipt.ts";
import { ruleSays } from "../shared/policy/sentences.ts";
import { sayMs } from "../shared/text/say-time.ts";
import { appEntry, type Entry } from "./entry.ts";

type Receipt = z.infer<typeof DecisionReceipt>;
type Decision = Receipt["decision"];

/** A decision as its receipt tells it: what, by which rule, why it waits, what would stop it. */
export function sayDecision({ writtenAt, purpose, facts, decision }: Receipt): Entry {
  const { rule, verdict, diagnosis, because } = decision;
  const act = decision.kind === null ? "" : `, ${decision.kind}`;
  const event = `decides: ${diagnosis === "none" ? "nothing is wrong" : diagnosis}${act}`;
  const why = because.map((reason) => sayReason(reason)).join("; ");
  const notes = [`why: ${ruleSays(rule, purpose)}${why === "" ? "" : ` (${why})`}`];
  if (verdict === "hold" || verdict === "ask") notes.push(...sayWait(decision));
  if (verdict === "fail-over") notes.push(sayCleared(facts, decision.kind));
  return appEntry(writtenAt, facts.site, event, { verdict, rule, notes });
}

/** What it waits for, and what would end the waiting without a failover. */
function sayWait({ rule, verdict, graceLeftMs }: Decision): readonly string[] {
  const stops = "what would stop it: a look that succeeds, a pause, a guard that closes";
  if (rule === "grace" && graceLeftMs !== null) {
    return [`waits: for the rest of the grace, ${sayMs(graceLeftMs)}`, stops];
  }
  if (verdict === "ask")
    return ["waits: for a person's answer, or until the reason is gone", stops];
  if (rule === "no-majority") {
    return ["waits: a strict majority of all sites must see it lost before anything is done"];
  }
  return [];
}

function sayCleared({ loss, keyPath }: Receipt["facts"], kind: Decision["kind"]): string {
  if (kind === "planned") return "cleared: no guard is closed; a planned failover loses nothing";
  const lost = loss.kind === "bounded" ? `at most ${sayMs(loss.atMostMs)}` : "unknown";
  const key = keyPath.kind === "proven" ? `proven ${sayMs(keyPath.ageMs)} ago` : keyPath.kind;
  return `cleared: no guard is closed; key ${key}; loss ${lost}`;
}

/** Codes and names are for programs; what is in milliseconds is for people. */
function sayReason({ code, values }: Reason): string {
  const parts = Object.entries(values).flatMap(([name, value]) => {
    if (name.endsWith("At") || value === code) return [];
    const isTime = name.endsWith("Ms") && typeof value === "number";
    const unit = isTime ? sayMs(value) : String(value ?? "unknown");
    return [`${name.replace(/Ms$/, "")} ${unit}`];
  });
  if (parts.length === 0) return code;
  return parts[0]?.startsWith(`${code} `) ? parts.join(", ") : `${code}: ${parts.join(", ")}`;
}
