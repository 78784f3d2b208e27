import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod";
import { replicationOf } from "../../shared/azure/replication.ts";
import type { GroupState } from "../../shared/domain/facts.ts";
import { isFollowed } from "../../shared/policy/evidence/protection.ts";
import { SETTLED } from "../support/facts.ts";

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
