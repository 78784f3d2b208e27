// Incident files in words that nobody has seen before: the judge takes each of them, and nothing acts on it (I19).

import fc from "fast-check";
import { expect, test } from "vitest";
import { unlistedCode, unlistedNumber, unlistedWord } from "../support/never-seen.ts";
import { THOROUGH } from "../support/thorough.ts";
import { type Changes, DEAD, happens } from "./incident.ts";

const LOST: Changes = { ...DEAD, "home_ref@B": "timeout", "home_ref@C": "timeout" };

async function decisionOf(changes: Changes): Promise<string> {
  const { result } = await happens({ 60: changes }, { durationS: 600 });
  return result.decision;
}

const lookEnds = (code: string): Changes => ({
  ...LOST,
  "tds_primary@B": `err:${code}`,
  "tds_primary@C": `err:${code}`,
});

test("a region that is lost is left, so that what follows says something", async () => {
  expect(await decisionOf(LOST)).toBe("failover");
});

test.each([
  ["looks with a code of TLS", lookEnds("ERR_SSL_TLSV1_ALERT_UNKNOWN_CA")],
  ["looks with a code of undici", lookEnds("UND_ERR_SOCKET")],
  ["looks with a code in no form of ours", lookEnds("connect: no such luck")],
  ["looks with a number of SQL that no table has", lookEnds("4294967297")],
  ["looks with a word of the client for what the server said", lookEnds("EPROTOCOL")],
  ["the replication pends", { ...LOST, fog_status: "PENDING" }],
  ["the group is failing over", { ...LOST, fog_status: "Failing over" }],
  ["the replication has a word of its own", { ...LOST, fog_status: "HAVING_LUNCH" }],
  ["the secondary has a state of its own", { ...LOST, arm_secondary: "Hibernating" }],
  ["the key is refused by a code that is listed", { ...LOST, "key_vault@B": "AkvKeyDisabled" }],
] satisfies [string, Changes][])("nothing is forced where %s", async (_, changes) => {
  expect(await decisionOf(changes)).not.toBe("failover");
});

test("a reference that ended in a code nobody knows leaves its site blind", async () => {
  const changes = { "ref_probe@B": "err:ENEW", "ref_probe@C": "err:UND_ERR_SOCKET" };
  expect(await decisionOf({ ...LOST, ...changes })).not.toBe("failover");
});

/** Of what an incident file can hold: one line without a space at its ends. */
const written = (word: string): boolean => /^\S.{0,99}$/.test(word) && word.trim() === word;

test("nothing is forced by any other code, number or word that nobody has seen", async () => {
  const code = fc.oneof(
    unlistedCode.filter((each) => written(each) && !/^\d+$/.test(each)),
    unlistedNumber.filter((number) => number >= 0).map(String),
  );
  const changes = fc.oneof(
    code.map(lookEnds),
    unlistedWord("CATCH_UP", "CATCHUP", "SYNCHRONIZING", "SUSPENDED")
      .filter(written)
      .map((fog_status) => ({ ...LOST, fog_status })),
    unlistedWord("Ready", "Unknown", "timeout", "5xx", "unknown", "throttled_429")
      .filter(written)
      .map((arm_secondary) => ({ ...LOST, arm_secondary })),
  );
  await fc.assert(
    fc.asyncProperty(changes, async (drawn) => {
      expect(await decisionOf(drawn)).not.toBe("failover");
    }),
    { seed: 20261130, numRuns: THOROUGH ? 60 : 3 },
  );
}, 240_000);
