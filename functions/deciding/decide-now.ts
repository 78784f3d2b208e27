import type { Facts, FailbackFacts } from "../../shared/domain/facts.ts";
import type { Failback } from "../../shared/domain/failback.ts";
import type { Group, Side } from "../../shared/domain/group.ts";
import type { Decided } from "../../shared/domain/receipt.ts";
import { isOver, latestFailbackOf } from "../../shared/ledger/failbacks.ts";
import { openIncidentOf } from "../../shared/ledger/incidents.ts";
import { readWatch } from "../../shared/ledger/watches.ts";
import { decide, decideHome } from "../../shared/policy/decide.ts";
import { countRounds } from "../../shared/policy/evidence/count-rounds.ts";
import { newestLag } from "../../shared/policy/evidence/read-facts.ts";
import { isOpen, opensNext } from "../../shared/policy/evidence/windows.ts";
import type { App } from "../app.ts";
import { gatherFacts, type Subject } from "../seeing/gather-facts.ts";

/** Looks once and puts what it sees to the rules. Writes no decision down and does nothing about it. */
export async function decideNow(
  app: App,
  asked: Pick<Subject, "group" | "purpose" | "call">,
): Promise<Decided> {
  const { group } = asked;
  if (asked.purpose === "fail-back") {
    const failback = await findFailback(app, group, "partner");
    return lookAndJudge(app, { ...asked, workId: failback?.id ?? null, incident: null });
  }
  const { primary } = await readWatch(app.stores.own, group.name);
  const store = app.stores.target(group, primary ?? "home");
  const incident = await openIncidentOf(store, group.name);
  return lookAndJudge(app, { ...asked, workId: incident?.id ?? null, incident });
}

/** Gathers the facts, brings outage and loss up to date with this round, and decides. */
export async function lookAndJudge(app: App, asked: Subject): Promise<Decided> {
  const gathered = await gatherFacts(app, asked);
  const facts = countRounds(gathered, asked.group.policy, asked.incident);
  const { purpose } = asked;
  if (purpose === "fail-over") {
    const { decision } = decide(facts, asked.group.policy);
    return { purpose, facts, homeward: null, decision };
  }
  const failback = await lookHome(app, asked.group, facts);
  const { version, base, ...homeward } = failback;
  const { decision } = decideHome(failback, asked.group.policy);
  return { purpose, facts: base, homeward, decision };
}

async function lookHome(app: App, group: Group, base: Facts): Promise<FailbackFacts> {
  const failback = await findFailback(app, group, "partner");
  const { window } = group.policy.failback;
  // A site that was away has seen the change only when it came back; the row knows when it was.
  const lastRoleChangeAt = failback?.failedOverAt ?? base.lastRoleChangeAt;
  return {
    version: 1,
    base: { ...base, lastRoleChangeAt },
    away: base.primary === "partner",
    healthySinceAt: failback?.healthySinceAt ?? null,
    windowOpen: window === null || isOpen(window, base.now),
    windowOpensAt: window === null ? null : opensNext(window, base.now),
    lagSeconds: newestLag(base),
  };
}

/** What a failover to that side left to do, from whichever store shows it; over as soon as one says so. */
export async function findFailback(app: App, group: Group, awayOn: Side): Promise<Failback | null> {
  const rows = await Promise.all(
    app.stores
      .both(group, awayOn)
      .map((store) => latestFailbackOf(store, group.name, awayOn).catch(() => null)),
  );
  const known = rows.flatMap((row) => (row === null ? [] : [row]));
  const newestAt = Math.max(...known.map((row) => row.failedOverAt));
  const newest = known.filter((row) => row.failedOverAt === newestAt);
  return newest.some(isOver) ? null : (newest[0] ?? null);
}
