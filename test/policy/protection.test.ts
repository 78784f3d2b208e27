import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { replicationOf } from "../../shared/azure/replication.ts";
import type { GroupState } from "../../shared/domain/facts.ts";
import { isFollowed, judgeProtection } from "../../shared/policy/evidence/protection.ts";
import { HOUR, logged, NOW, SETTLED } from "../support/facts.ts";

const Recorded = z.object({
  response: z.object({
    body: z.object({
      properties: z.object({ replicationRole: z.string(), replicationState: z.string() }),
    }),
  }),
});

/** Both were recorded in one second, of one group, right after a forced failover. */
function recordedView(file: string): GroupState {
  const text = readFileSync(new URL(`../recorded/${file}.json`, import.meta.url), "utf8");
  const { properties } = Recorded.parse(JSON.parse(text)).response.body;
  const targetRole = properties.replicationRole === "Primary" ? "primary" : "secondary";
  return { ...SETTLED, targetRole, replication: replicationOf(properties.replicationState) };
}

const view = (targetRole: "primary" | "secondary", word: string): GroupState => ({
  ...SETTLED,
  targetRole,
  replication: replicationOf(word),
});
const primary = view("primary", "CATCH_UP");
const secondary = view("secondary", "CATCH_UP");
const unread: GroupState = { kind: "unknown", because: "timeout" };

test("right after a forced failover the old primary calls itself caught up: nobody follows yet", () => {
  const byPrimary = recordedView("sqldb-fog-forced-4-get-new-primary-suspended");
  const bySecondary = recordedView("sqldb-fog-forced-5-get-old-primary-catch-up");
  expect(bySecondary).toMatchObject({ targetRole: "secondary", replication: { said: "CATCH_UP" } });
  expect(isFollowed({ byPrimary, bySecondary })).toBe(false);
});

test("where both sides say so, it is followed", () =>
  expect(isFollowed({ byPrimary: primary, bySecondary: secondary })).toBe(true));

test.each([
  ["the primary was not read", unread, secondary],
  ["the secondary was not read", primary, unread],
  ["the primary is seeding it", view("primary", "SEEDING"), secondary],
  ["the primary says a word that nobody knows", view("primary", "RESUMING"), secondary],
  ["the secondary says SUSPENDED", primary, view("secondary", "SUSPENDED")],
  ["both take themselves for the primary", primary, view("primary", "CATCH_UP")],
  ["nobody takes itself for the primary", view("secondary", "CATCH_UP"), secondary],
])("it is not followed while %s", (_, byPrimary, bySecondary) =>
  expect(isFollowed({ byPrimary, bySecondary })).toBe(false),
);

describe("has the group been seen followed since its roles last changed?", () => {
  const changed = { kind: "known", at: NOW - HOUR } as const;
  const judge = (change: Partial<Parameters<typeof judgeProtection>[0]>) =>
    judgeProtection({
      now: NOW,
      lastRoleChange: changed,
      activity: [],
      followedAt: null,
      ...change,
    });
  const movedAt = (at: number, how: "well" | "badly" = "well") => ({
    activity: [logged("failover", { ended: { at, how } })],
  });
  const unprotected = (sinceAt: number) => ({ kind: "unprotected", sinceAt });

  test("no role change is known: it is protected, seen or not", () =>
    expect(judge({ lastRoleChange: { kind: "none" } })).toEqual({ kind: "protected" }));

  test("never, or before the change alone: unprotected since the change", () => {
    expect(judge({})).toEqual(unprotected(NOW - HOUR));
    expect(judge({ followedAt: NOW - HOUR - 1 })).toEqual(unprotected(NOW - HOUR));
  });

  test("as the roles had changed, or later: protected", () => {
    expect(judge({ followedAt: NOW - HOUR })).toEqual({ kind: "protected" });
    expect(judge({ followedAt: NOW })).toEqual({ kind: "protected" });
  });

  test("a failover there and back, of which the log alone tells: unprotected since its end", () => {
    const seen = { followedAt: NOW - 2 };
    expect(judge({ ...seen, ...movedAt(NOW - 1) })).toEqual(unprotected(NOW - 1));
    expect(judge({ ...seen, lastRoleChange: { kind: "none" }, ...movedAt(NOW - 1) })).toEqual(
      unprotected(NOW - 1),
    );
    expect(judge({ ...seen, ...movedAt(NOW - 1, "badly") })).toEqual({ kind: "protected" });
    const scaled = [logged("scale", { ended: { at: NOW - 1, how: "well" } })];
    expect(judge({ ...seen, activity: scaled })).toEqual({ kind: "protected" });
  });

  test("seen in the future, by a clock that was set back since: not seen", () =>
    expect(judge({ followedAt: NOW + 1 })).toEqual(unprotected(NOW - HOUR)));

  test("a memory of the roles that nobody can read: unknown, and why", () => {
    const lastRoleChange = { kind: "unknown", because: "row-broken" } as const;
    expect(judge({ lastRoleChange, followedAt: NOW })).toEqual(lastRoleChange);
  });
});
