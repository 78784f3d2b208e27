import { describe, expect, test } from "vitest";
import { sayMargin } from "../../cli/check/check-sites.ts";
import type { State } from "../../cli/check/finding.ts";
import { exitCodeOf } from "../../cli/check/render-findings.ts";
import { Fault } from "../../simulator/faults.ts";
import { checked } from "../support/checked.ts";

const fault = (name: string, more: object = {}): Fault =>
  Fault.parse({ fault: name, at: 0, ...more });

const FORCE = "Microsoft.Sql/locations/instanceFailoverGroups/forceFailoverAllowDataLoss/action";

type Row = readonly [check: string, subject: string, state: State, says: RegExp];

const CASES: readonly (readonly [
  name: string,
  faults: readonly Fault[],
  exitCode: 0 | 1 | 3,
  rows: readonly Row[],
])[] = [
  [
    "nothing is wrong",
    [],
    0,
    [
      [
        "quorum",
        "without westeurope",
        "ok",
        /2 are needed; with one of them silent a loss is held$/,
      ],
    ],
  ],
  [
    "the app's role lacks a verb on one side",
    [fault("right-missing", { action: FORCE, on: "partner" })],
    1,
    [
      ["rights", "partner (northeurope)", "wrong", /lacks .*forceFailoverAllowDataLoss/],
      ["rights", "home (westeurope)", "ok", /10 of 10/],
    ],
  ],
  [
    "the secondary's resource group lies in the primary's region",
    [fault("resource-group-in", { on: "partner", region: "westeurope" })],
    1,
    [["resource group", "partner (northeurope)", "wrong", /lies in westeurope/]],
  ],
  [
    "a site's store lies in the region that it must outlive",
    [fault("site-resource-in", { site: "neu", what: "store", region: "westeurope" })],
    1,
    [
      ["place of store", "neu", "wrong", /lies in westeurope/],
      ["place of store", "weu", "ok", /lies in westeurope/],
    ],
  ],
  [
    "the third site's identity lies in a region of the group",
    [fault("site-resource-in", { site: "sec", what: "identity", region: "northeurope" })],
    1,
    [["place of identity", "sec", "wrong", /lies in northeurope/]],
  ],
  [
    "one site is silent",
    [fault("site-stopped", { site: "neu" })],
    1,
    [
      ["site", "neu", "wrong", /does not answer/],
      ["sites", "one release", "unknown", /2 of 3/],
      ["quorum", "without westeurope", "wrong", /1 of 3/],
      ["quorum", "without northeurope", "ok", /2 of 3/],
    ],
  ],
  [
    "every site is silent",
    ["weu", "neu", "sec"].map((site) => fault("site-stopped", { site })),
    3,
    [
      ["site", "neu", "unknown", /no site answers/],
      ["quorum", "without westeurope", "unknown", /0 of 3/],
      ["loss", "were it lost now", "unknown", /no site/],
      ["decision", "now", "unknown", /no site told its decision; this machine would hold/],
    ],
  ],
  [
    "the secondary is denied its key",
    [fault("key-denied", { on: "partner" })],
    1,
    [
      ["key path", "secondary", "wrong", /denied its key/],
      ["guard", "key-denied", "wrong", /closed/],
    ],
  ],
  [
    "the secondary was never given the primary's key",
    [fault("key-not-added", { on: "partner" })],
    1,
    [["key path", "same key", "wrong", /mi-orders-neu was not given .*kv-orders-fog_tde_/]],
  ],
  [
    "nobody can prove the key",
    [fault("key-check-silent", { on: "partner" })],
    3,
    [
      ["key path", "secondary", "unknown", /no site has a fresh proof/],
      ["guard", "key-unknown", "unknown", /closed/],
    ],
  ],
  [
    "the canary table is missing",
    [fault("write-error", { on: "home", number: 208 })],
    1,
    [
      ["canary", "orders", "wrong", /is missing/],
      ["canary", "written by sec", "wrong", /met no table/],
    ],
  ],
  [
    "the sites may not write to the canary table",
    [fault("write-error", { on: "home", number: 229 })],
    1,
    [
      ["canary", "orders", "ok", /the table is there/],
      ["canary", "written by weu", "wrong", /may not write/],
    ],
  ],
  [
    "Resource Manager is silent",
    [fault("arm-down")],
    3,
    [
      ["roles", "home (westeurope)", "unknown", /does not say/],
      ["policy", "partner (northeurope)", "unknown", /does not say/],
      ["rights", "home (westeurope)", "unknown", /.*/],
      ["resource group", "home (westeurope)", "unknown", /does not say/],
      ["site", "weu", "ok", /ticked/],
    ],
  ],
  [
    "the operator is not signed in",
    [fault("identity-down", { region: "outside", tokenGoodFor: 0 })],
    3,
    [
      ["roles", "both agree", "unknown", /.*/],
      ["instance", "partner (northeurope)", "unknown", /identity/],
      ["rights", "home (westeurope)", "unknown", /identity/],
      ["canary", "orders", "ok", /a site has written to it; it was not reached from here/],
      ["site", "weu", "ok", /ticked/],
      ["guard", "seeding", "unknown", /open, for want of an answer/],
    ],
  ],
  [
    "the sites have no credentials",
    ["westeurope", "northeurope", "swedencentral"].map((region) =>
      fault("identity-down", { region, tokenGoodFor: 0 }),
    ),
    1,
    [
      ["roles", "both agree", "ok", /is primary/],
      ["guard", "no-token", "wrong", /closed/],
    ],
  ],
  [
    "the group is Microsoft-managed",
    [fault("policy-automatic")],
    1,
    [
      ["policy", "home (westeurope)", "wrong", /Microsoft-managed/],
      ["guard", "microsoft-managed", "wrong", /closed/],
    ],
  ],
  [
    "the secondary is being seeded",
    [fault("seeding")],
    1,
    [
      ["replication", "partner (northeurope)", "wrong", /SEEDING/],
      ["guard", "seeding", "wrong", /closed/],
    ],
  ],
  [
    "the secondary is smaller, and is being scaled",
    [
      fault("instance-size", { on: "partner", vCores: 4 }),
      fault("operation-running", { on: "partner", name: "UpsertManagedServer" }),
    ],
    1,
    [
      ["instance", "both alike", "wrong", /fewer-vcores/],
      ["instance", "secondary at rest", "wrong", /UpsertManagedServer runs/],
    ],
  ],
  [
    "the secondary lags by more than may be lost",
    [fault("replication-lag", { seconds: 300 })],
    1,
    [["loss", "were it lost now", "wrong", /the budget is 30 s/]],
  ],
];

describe("check finds it when", () => {
  test.each(CASES)("%s", { timeout: 60_000 }, async (_name, faults, exitCode, rows) => {
    const { findings } = await checked(faults);
    for (const [check, subject, state, says] of rows) {
      const row = findings.find((each) => each.check === check && each.subject === subject);
      expect(row).toMatchObject({ check, subject, state });
      expect(row?.says).toMatch(says);
      expect(row?.next === null).toBe(state === "ok");
    }
    const amiss = findings.filter(({ state }) => state !== "ok");
    if (exitCode === 0) expect(amiss).toEqual([]);
    expect(exitCodeOf(findings)).toBe(exitCode);
  });
});

test("with --key-check the secondary itself is asked, and proves its key", {
  timeout: 60_000,
}, async () => {
  const { findings } = await checked([], {
    options: ({ sites }) => ({ sites, appPrincipals: [], subscriptionIds: [], keyCheck: true }),
  });
  const row = findings.find(({ check }) => check === "key path");
  expect(row).toMatchObject({ state: "ok", says: "the instance has just used its key" });
});

test("how much silence the sites that are left bear: an even number of them no more than one less", () => {
  expect(sayMargin(5, 1)).toBe("; 1 of them may be silent");
  expect(sayMargin(3, 0)).toBe("; with one of them silent a loss is held");
  expect(sayMargin(4, 0)).toMatch(/, and 4 sites bear no more silence than 3$/);
});
