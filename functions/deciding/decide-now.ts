import type { FailbackFacts } from "../../shared/domain/facts.ts";
import type { Group } from "../../shared/domain/group.ts";
import type { PersonCall } from "../../shared/domain/person.ts";
import type { Decided } from "../../shared/domain/receipt.ts";
import { newestFailback } from "../../shared/ledger/failbacks.ts";
import { readOwn } from "../../shared/ledger/group-ledger.ts";
import { openIncidentIn } from "../../shared/ledger/incidents.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { decide, decideHome } from "../../shared/policy/decide.ts";
import { countRounds } from "../../shared/policy/evidence/count-rounds.ts";
import { newestLag } from "../../shared/policy/evidence/read-facts.ts";
import { isOpen, opensNext } from "../../shared/policy/evidence/windows.ts";
import type { App } from "../app.ts";
import { type Gathered, gatherFacts, type Subject } from "../seeing/gather-facts.ts";

interface Matter {
  readonly group: Group;
  readonly purpose: Subject["purpose"];
  readonly call: PersonCall | null;
  /** Nothing comes of it: nobody needs a look of their own for it. */
  readonly sharesLook: boolean;
}

/** Looks once and puts what it sees to the rules. Writes no decision down and does nothing about it. */
export async function decideNow(
  app: App,
  { group, purpose, call, sharesLook }: Matter,
  inHand: Subject["inHand"] = [],
): Promise<Decided> {
  const ledger = app.stores.of(group);
  const view = await readOwn(ledger);
  const books =
    purpose === "fail-back" ? ledger.both("partner") : [ledger.target(view.expectedPrimary)];
  const known = [...inHand, view.rows];
  const rows = await Promise.all(
    books.map((book) => known.find((each) => each.book === book) ?? readLive(book)),
  );
  const [target] = rows;
  const incident = purpose === "fail-over" && target !== undefined ? openIncidentIn(target) : null;
  const work = purpose === "fail-back" ? newestFailback(rows, "partner") : incident;
  return lookAndJudge(app, {
    ledger,
    view,
    inHand: rows,
    purpose,
    checksKey: false,
    sharesLook,
    workId: work?.id ?? null,
    incident,
    call,
  });
}

/** Gathers the facts, brings outage and loss up to date with this round, and decides. */
export async function lookAndJudge(app: App, asked: Subject): Promise<Decided> {
  const gathered = await gatherFacts(app, asked);
  const decided = judge(asked, gathered);
  const { verdict, rule } = decided.decision;
  // Nothing acts on what an earlier round was told: the check refuses it, and so everything is asked once more.
  const wouldAct = verdict === "fail-over" || rule === "refused-by-check";
  if (!wouldAct || gathered.askAgain === null) return decided;
  return judge(asked, await gathered.askAgain());
}

function judge({ ledger: { group }, purpose, incident }: Subject, gathered: Gathered): Decided {
  const facts = countRounds(gathered.facts, group.policy, incident, gathered.paces);
  if (purpose === "fail-over") {
    const { decision } = decide(facts, group.policy);
    return { purpose, facts, homeward: null, decision };
  }
  const failback = lookHome(group, { ...gathered, facts });
  const { version, base, ...homeward } = failback;
  const { decision } = decideHome(failback, group.policy);
  return { purpose, facts: base, homeward, decision };
}

function newer(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}

function lookHome({ policy }: Group, { facts: base, stores }: Gathered): FailbackFacts {
  const failback = newestFailback(
    stores.map((store) => store.group),
    "partner",
  );
  const { window } = policy.failback;
  // A site that was away has seen the change only when it came back; the row knows when it was.
  const changed =
    failback === null
      ? {}
      : {
          lastRoleChange: { kind: "known", at: failback.failedOverAt } as const,
          followedAt: newer(failback.healthySinceAt, base.followedAt),
        };
  return {
    version: 1,
    base: { ...base, ...changed },
    away: base.primary === "partner",
    healthySinceAt: failback?.healthySinceAt ?? null,
    windowOpen: window === null || isOpen(window, base.now),
    windowOpensAt: window === null ? null : opensNext(window, base.now),
    lagSeconds: newestLag(base),
  };
}
