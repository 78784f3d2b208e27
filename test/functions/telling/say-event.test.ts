import { describe, expect, test } from "vitest";
import { sayEvent, type Told } from "../../../functions/telling/say-event.ts";
import type { Announcement } from "../../../orchestrations/contracts.ts";
import { replicationOf } from "../../../shared/azure/replication.ts";
import { GuardId } from "../../../shared/domain/guard.ts";
import { NO_OUTAGE } from "../../../shared/domain/outage.ts";
import { decide, decideHome } from "../../../shared/policy/decide.ts";
import { DIAGNOSES } from "../../../shared/policy/evidence/diagnose.ts";
import { questionOf } from "../../../shared/policy/evidence/question.ts";
import { foreseeUnanswered } from "../../../shared/policy/evidence/unanswered.ts";
import { whoSees } from "../../../shared/policy/evidence/who-sees.ts";
import { FAILBACK_TABLE } from "../../../shared/policy/rules/decide-failback.ts";
import { FAILOVER_TABLE } from "../../../shared/policy/rules/decide-failover.ts";
import {
  facts,
  look,
  MINUTE,
  NOW,
  ONSET,
  policy,
  SECOND,
  SETTLED,
  trouble,
} from "../../support/facts.ts";
import { WINDOW_OPEN_NOW } from "../../support/freeze.ts";
import { FAILOVER_SIDES } from "../../support/rule-sides.ts";
import { FAILBACK_SIDES } from "../../support/rule-sides-home.ts";
import { configOf } from "../../support/simulated-sites.ts";

const [GROUP] = configOf().groups;
if (GROUP === undefined) throw new Error("no group");

const IDS = [
  ...GuardId.options,
  ...[...FAILOVER_TABLE, ...FAILBACK_TABLE].map(({ id }) => id),
  ...DIAGNOSES.map(({ diagnosis }) => diagnosis),
].filter((id) => id.includes("-"));

type Plain = Exclude<Announcement["type"], "ask">;

function told(change: Partial<Told> = {}): Told {
  const given = facts();
  return {
    announcement: { type: "notice", key: "k", urgent: false },
    group: GROUP?.name ?? "",
    purpose: "fail-over",
    primary: configOf().groups[0]?.home ?? { name: "", region: "" },
    target: configOf().groups[0]?.partner ?? { name: "", region: "" },
    decision: decide(given, policy()).decision,
    onsetAt: ONSET,
    loss: { kind: "bounded", atMostMs: 2_100, database: "orders" },
    seen: whoSees(given, policy()),
    newest: null,
    decidedAt: NOW,
    unanswered: { kind: "waits" },
    standing: [],
    heldBack: [],
    turned: null,
    refusals: 1,
    workId: "orders-fog-mkex8jbc",
    site: "neu",
    ...change,
  };
}

const SOME = decide(facts(), policy()).decision;

const plain = (type: Plain, key = "1"): Pick<Told, "announcement"> => ({
  announcement: { type, key, urgent: true },
});

/** The message of each decision that a rule can give: as a question where it asks, else as a notice. */
const DECIDED: readonly Told[] = [
  ...FAILOVER_SIDES.map(({ decides, policy: change }) => {
    const { decision } = decide(decides, policy(change ?? {}));
    const decided = { purpose: "fail-over", facts: decides, decision } as const;
    const question = questionOf(decided, policy(change ?? {}));
    const seen = whoSees(decides, policy(change ?? {}));
    if (question === null) return told({ decision, loss: decides.loss, seen });
    const storageFailed = decides.outage.storageFailedAt !== null;
    const asked = { purpose: "fail-over", kind: question.kind, storageFailed } as const;
    const unanswered = foreseeUnanswered(decision, { ...asked, policy: policy(change ?? {}) });
    return told({ decision, unanswered, seen, ...ask(question) });
  }),
  ...FAILBACK_SIDES.map(({ decides, policy: change }) => {
    const { decision } = decideHome(decides, policy(change ?? {}));
    const home = { purpose: "fail-back", onsetAt: null, loss: null, seen: null, decision } as const;
    const question = questionOf({ ...home, facts: decides.base }, policy(change ?? {}));
    return told({ ...home, ...(question === null ? {} : ask(question)) });
  }),
];

function ask(
  question: Extract<Announcement, { type: "ask" }>["question"],
): Pick<Told, "announcement"> {
  return { announcement: { type: "ask", key: "k", askKey: "k", urgent: true, question } };
}

const suspended = { groupState: { ...SETTLED, replication: replicationOf("SUSPENDED") } };

/** Questions while replication is suspended: in trouble that was answered lately, and of what comes and goes. */
const SUSPENDED: readonly Told[] = [
  { trouble: trouble({ answeredAt: NOW - MINUTE }) },
  { ended: [1, 9, 20].map((minutes) => ended(minutes * MINUTE)) },
].map((seen) => {
  const given = facts({ ...suspended, looks: [look("neu")], outage: { ...NO_OUTAGE, ...seen } });
  const { decision } = decide(given, policy());
  const question = questionOf({ purpose: "fail-over", facts: given, decision }, policy());
  if (question === null) throw new Error("Cannot say the question: nobody is asked");
  return told({ decision, ...ask(question) });
});

function ended(agoMs: number) {
  return { onsetAt: NOW - agoMs - MINUTE, endedAt: NOW - agoMs, rounds: 2 };
}

/** Rules of the longest sentences. */
const LONGEST = ["sign-of-life", "absolute-guard", "gray-without-planned"];

const EVENTS: readonly Told[] = [
  ...SUSPENDED,
  told(plain("about-to-fail-over")),
  told(plain("not-failing-over")),
  told(plain("failed-over")),
  told(plain("writable")),
  told({ ...plain("failed-back"), purpose: "fail-back", onsetAt: null, loss: null, seen: null }),
  ...["recovered", "failed-over", "stood-down", "not-confirmed"].map((end) =>
    told(plain("closed", end)),
  ),
  told({ ...plain("closed", "recovered"), standing: ["a site cannot see: sec", "a pause stands"] }),
  ...[
    "refused-InvalidFailoverGroupState",
    "ended-PlannedFailoverTimedOut",
    "slow",
    "too-late",
    "unverified-3",
    "undone-3",
  ].map((key) => told(plain("page", key))),
  told({ ...plain("page", "too-late"), decision: null }),
  told({ ...plain("notice"), heldBack: ["sign-of-life"] }),
  told({
    ...plain("notice"),
    turned: { closed: ["no-majority", "cooldown"], opened: ["sign-of-life"] },
  }),
  told({ ...plain("page", "refused-Busy"), refusals: 7, heldBack: ["grace", "no-majority"] }),
];

describe("a message to somebody who is tired", () => {
  test("says what was agreed on", async () => {
    const texts = [...DECIDED, ...EVENTS].map(sayEvent);
    const said = [...new Set(texts)].join("\n\n");
    await expect(`${said}\n`).toMatchFileSnapshot("../../golden/what-messages-say.txt");
  });

  const held = DECIDED.map((each) => ({
    ...each,
    heldBack: [...LONGEST, "long-trouble"],
    turned: { closed: ["no-majority", "cooldown"], opened: ["sign-of-life"] } as const,
  }));

  test.each(
    [...DECIDED, ...EVENTS, ...held].map((each) => [each.decision?.rule ?? "", sayEvent(each)]),
  )(
    "%s: has at most 12 lines of 80 characters, and what to do within the first four",
    (_, text) => {
      const lines = text.split("\n");
      expect(lines.length).toBeLessThanOrEqual(12);
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
      expect(lines.slice(0, 4).some((line) => line.startsWith("Do now: "))).toBe(true);
      // No instant in milliseconds; ids of ours stand behind all else.
      expect(text).not.toMatch(/\d{10}/);
      const body = text.split(/^(?:Rule|Incident): /m)[0] ?? "";
      expect(IDS.filter((id) => new RegExp(`\\b${id}\\b`).test(body))).toEqual([]);
    },
  );

  test("names every guard that an approval would accept, and of a hold the first three", () => {
    const { decision } = decide(facts(), policy());
    const guards = ["loss-unknown", "cooldown", "key-unknown", "secondary-unfit"] as const;
    const question = {
      kind: "forced",
      version: 1,
      diagnosis: "regional-loss",
      guards: [...guards],
      lossAtMostMs: null,
    } as const;
    const asked = sayEvent(
      told({ decision, ...ask({ ...question, guards: [...guards] }) }),
    ).replaceAll("\n  ", " ");
    expect(asked).toContain("the secondary is too small or of another version");
    expect(asked).toContain("If it is forced, nobody knows how much is lost.");
    const closed = guards.map(
      (guard) => ({ guard, strength: "liftable", state: "closed", because: null }) as const,
    );
    const held = sayEvent(
      told({ decision: { ...decision, verdict: "hold", guards: closed } }),
    ).replaceAll("\n  ", " ");
    expect(held).toContain("; and 1 more.");
  });

  test("says of what is left to another what follows if it ends without moving the roles", () => {
    const [other] = FAILOVER_SIDES;
    const { decision } = decide(other?.decides ?? facts(), policy());
    const after = "if it ends without moving the roles, this site goes on as before";
    expect(decision).toMatchObject({ rule: "failover-by-other", verdict: "stand-down" });
    expect(sayEvent(told({ decision }))).toContain(after);
    expect(sayEvent(told({ decision: SOME }))).not.toContain(after);
  });

  test("says who sees what, those together that see alike, and what the application says", () => {
    const looks = [look("neu"), look("sec"), look("weu", { result: "blind" })];
    const application = { kind: "ratio", value: 0.129, windowMs: MINUTE, ageMs: MINUTE } as const;
    const seen = whoSees(facts({ looks, application }), policy());
    expect(sayEvent(told({ seen }))).toContain(
      "\nSeen by weu: blind; neu, sec: no answer. Application: 12 % succeed.\n",
    );
    const alone = whoSees(facts({ looks: [], application: { kind: "not-configured" } }), policy());
    expect(sayEvent(told({ seen: alone }))).toContain("\nSeen by weu, neu, sec: silent.\n");
  });

  test("says until when a freeze keeps everything still, and what can be done", () => {
    const { decision } = decide(facts(), policy({ freeze: [WINDOW_OPEN_NOW] }));
    const text = sayEvent(told({ decision }));
    expect(decision.rule).toBe("absolute-guard");
    expect(text.replaceAll("\n  ", " ")).toContain(
      "orders-fog: nothing is sent: a configured freeze is on, until 2026-01-15 13:00:00 UTC.",
    );
    expect(text).toContain(
      "Do now: take the freeze out of the configuration, or fail over by hand.",
    );
  });

  test("says why nobody knows what would be lost", () => {
    const loss = {
      kind: "unknown",
      because: "bounds-contradict (3 s, 60 s)",
      database: null,
    } as const;
    const said = sayEvent(told({ loss })).replaceAll("\n  ", " ");
    expect(said).toContain("nobody knows how much is lost: the secondary lacks what the best");
  });

  test("says of an ask whether it replaces an earlier one, and what a planned one loses", () => {
    const question = { diagnosis: "regional-loss", guards: [], lossAtMostMs: null } as const;
    const asked = (kind: "forced" | "planned", version: number) =>
      sayEvent(told({ ...ask({ ...question, guards: [], kind, version }), decision: SOME }));
    expect(asked("forced", 1)).not.toContain("replaces");
    expect(asked("forced", 2)).toContain("This replaces what was sent before");
    expect(asked("planned", 1)).toContain("It is planned: nothing more is lost.");
    expect(asked("forced", 1)).not.toContain("nothing is lost");
  });

  test("promises that nothing is sent only where nothing acts without a person", () => {
    const question = {
      kind: "forced",
      version: 1,
      diagnosis: "regional-loss",
      guards: [],
      lossAtMostMs: null,
    } as const;
    const asked = (unanswered: Told["unanswered"]) =>
      sayEvent(told({ unanswered, ...ask({ ...question, guards: [] }) }));
    expect(asked({ kind: "waits" })).toContain("Nothing is sent before somebody answers.");
    expect(asked({ kind: "waits-for-guards" })).toContain("Nothing is sent while that is in");
    expect(asked({ kind: "waits-for-loss" })).not.toContain("Nothing is sent");
    expect(asked({ kind: "acts-when-open", afterMs: null })).toContain("POST /api/pause");
    expect(asked({ kind: "acts-when-open", afterMs: 60 * MINUTE })).toContain(
      "At 2026-01-15 13:00:00 UTC it acts by itself, unless denied or paused.",
    );
  });

  test("a page says what was seen since it was decided, and offers no failover by hand of what takes writes", () => {
    const ended = plain("page", "ended-PlannedFailoverTimedOut-1");
    const page = (result: "writes" | "no-answer") =>
      sayEvent(told({ ...ended, newest: { result, code: "connect-timed-out", endedAt: NOW } }));
    expect(page("writes")).toContain("it takes writes, seen");
    expect(page("writes")).not.toContain("by hand");
    expect(page("no-answer").replaceAll("\n  ", " ")).toContain("no connection in time");
    expect(page("no-answer")).toContain("by hand");
  });

  test("says in mode observe what would have been done, and of an ask what was measured beside what it covers", () => {
    const { decision } = decide(facts(), policy({ mode: "observe" }));
    expect(sayEvent(told({ decision }))).toContain("In mode automatic it would have failed over");
    const asked = (rule: string) => {
      const of = DECIDED.find(({ decision }) => decision?.rule === rule);
      return sayEvent(of ?? told()).replaceAll("\n  ", " ");
    };
    expect(asked("guard")).toContain(
      "2.1 s is lost (measured; worst: orders); an approval covers 1 min.",
    );
    expect(asked("storage-failed")).toContain("Why: it began with failing storage or log");
    expect(asked("partial-loss")).toContain("for the whole grace: orders.");
  });

  test("says how long the grace still lasts", () => {
    const { decision } = decide(
      facts({ outage: { ...facts().outage, onsetAt: ONSET + 4 * MINUTE } }),
      policy(),
    );
    const waiting = { ...decision, verdict: "hold", graceLeftMs: 90 * SECOND } as const;
    const said = sayEvent(told({ decision: waiting })).replaceAll("\n  ", " ");
    expect(said).toContain("when the grace ends, in 1 min 30 s, it acts or asks.");
  });
});
