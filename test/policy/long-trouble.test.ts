// What is decided about trouble that lasts, whatever any one look says of it.

import { expect, test } from "vitest";
import type { Facts } from "../../shared/domain/facts.ts";
import { decide } from "../../shared/policy/decide.ts";
import { approval, facts, look, MINUTE, NOW, outage, policy, trouble } from "../support/facts.ts";

const troubled = { looks: [look("neu")], outage: outage({ trouble: trouble() }) };

test("trouble that lasts is asked about under a denied key too, though nobody votes down", () => {
  const keyPath = { kind: "denied", code: "AkvKeyDisabled", ageMs: 0 } as const;
  const { decision } = decide(facts({ ...troubled, keyPath }), policy());
  expect(decision).toMatchObject({ rule: "long-trouble", diagnosis: "key-denied" });
});

test("in observe nobody is asked, and it is told what would have been", () => {
  const { decision } = decide(facts(troubled), policy({ mode: "observe" }));
  expect(decision).toMatchObject({ rule: "long-trouble-observed", verdict: "hold" });
  const wouldHave = { rule: "long-trouble", verdict: "ask" };
  expect(decision.because.at(-1)).toMatchObject({ code: "would-have", values: wouldHave });
});

test("an approval of trouble leads to the request in the next look, whatever that one sees", () => {
  const guards = ["no-majority", "sign-of-life"] as const;
  const approvals = [approval({ diagnosis: "trouble", guards: [...guards] })];
  const alive = look("weu", { result: "alive", code: "18456" });
  const decided = (change: Partial<Facts>) =>
    decide(facts({ ...troubled, approvals, ...change }), policy()).decision;
  const forced = { verdict: "fail-over", kind: "forced", diagnosis: "trouble" };
  expect(decided({})).toMatchObject(forced);
  expect(decided({ looks: [look("neu"), look("sec"), alive] })).toMatchObject(forced);
  const restarted = outage({ outageMs: 0, trouble: trouble() });
  expect(decided({ looks: [look("neu"), look("sec")], outage: restarted })).toMatchObject(forced);
});

test("trouble that something of the primary answered lately is offered a planned failover first", () => {
  const answered = (agoMs: number) => {
    const outageSeen = outage({ trouble: trouble({ answeredAt: NOW - agoMs }) });
    const approvals = [approval({ diagnosis: "trouble", guards: ["no-majority"] })];
    return decide(facts({ ...troubled, approvals, outage: outageSeen }), policy()).decision.kind;
  };
  expect(answered(10 * MINUTE)).toBe("planned");
  expect(answered(10 * MINUTE + 1)).toBe("forced");
});
