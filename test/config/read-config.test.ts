import { describe, expect, test } from "vitest";
import { Group } from "../../shared/domain/group.ts";
import { change, read, SECOND_GROUP, VALID } from "./fixture.ts";

const policyOf = (text: string, group = 0) => read(text).groups[group]?.policy;
const SILENT = change(VALID, "  mode: automatic\n  grace: PT3M\n", "  mode: observe\n");

describe("readConfig()", () => {
  test("what the file leaves out is the safe choice", () => {
    expect(policyOf(SILENT)).toMatchObject({
      mode: "observe",
      intervalMs: 10_000,
      probeTimeoutMs: 8000,
      graceMs: 300_000,
      grayGraceMs: 600_000,
      lossBudgetMs: 30_000,
      cooldownMs: 3_600_000,
      flapping: { outages: 3, withinMs: 1_800_000 },
      keyProofMs: 900_000,
      approvalMs: 900_000,
      automatic: ["regional-loss", "instance-loss", "gray-writes"],
      canary: true,
      applicationFloor: null,
      capacityRequired: false,
      freeze: [],
      failback: { mode: "approve", window: null, soakMs: 7_200_000 },
    });
    expect(read(SILENT)).toMatchObject({ tickMs: 15_000, notify: { webhook: null } });
  });

  test("a file without defaults observes", () => {
    expect(policyOf(change(SILENT, "defaults:\n  mode: observe\n", ""))?.mode).toBe("observe");
  });

  test("what it returns is what the domain calls a group", () => {
    const groups = read(VALID + SECOND_GROUP).groups;
    expect(groups.map((group) => Group.parse(group))).toEqual(groups);
  });

  test("an instance is known by the parts of its id", () => {
    expect(read(VALID).groups[0]?.home).toMatchObject({
      subscriptionId: "11111111-2222-3333-4444-555555555555",
      resourceGroup: "orders",
      name: "mi-orders-weu",
      region: "westeurope",
      regionReference: null,
    });
  });

  test("a region is the same in every spelling", () => {
    const text = VALID.replaceAll("westeurope", "West Europe");
    const config = read(text);
    expect([config.sites[0]?.region, config.groups[0]?.home.region]).toEqual([
      "westeurope",
      "westeurope",
    ]);
  });

  test("the site that runs is one of the sites", () => {
    expect(read(VALID, {}, "sec").self).toEqual(read(VALID).sites[2]);
  });

  test("every site is a vantage of every group", () => {
    expect(policyOf(VALID)?.vantages).toEqual([
      { name: "weu", region: "westeurope" },
      { name: "neu", region: "northeurope" },
      { name: "sec", region: "swedencentral" },
    ]);
  });

  test("an application with a success ratio vetoes from its floor on", () => {
    const application = "application: { successRatio: app-insights:orders }\n    canary:";
    expect(policyOf(change(VALID, "canary:", application))?.applicationFloor).toBe(0.5);
  });

  test("a floor without a source vetoes nothing", () => {
    const text = change(VALID, "canary:", "application: { floor: 0.9 }\n    canary:");
    expect(policyOf(text)?.applicationFloor).toBeNull();
  });

  test("capacity is required where it can be asked", () => {
    const application = "application: { capacityAtTarget: https://orders.example.net/cap/ }";
    const config = read(change(VALID, "canary:", `${application}\n    canary:`));
    expect(config.groups[0]?.policy.capacityRequired).toBe(true);
    expect(config.groups[0]?.application?.capacityAtTarget).toBe("https://orders.example.net/cap/");
  });

  test("a site on this machine may do without https", () => {
    const text = change(VALID, "https://weu.example.net", "http://127.0.0.1:7071/");
    expect(read(text).sites[0]?.url).toBe("http://127.0.0.1:7071");
  });
});

describe("overrides of a group", () => {
  const two = (own: string) =>
    VALID + change(SECOND_GROUP, "    canary:", `    ${own}\n    canary:`);

  test.each([
    ["mode: observe", { mode: "observe" }],
    ["interval: PT12S", { intervalMs: 12_000 }],
    ["probeTimeout: PT5S", { probeTimeoutMs: 5000 }],
    ["grace: PT7M", { graceMs: 420_000 }],
    ["grayGrace: PT7M", { grayGraceMs: 420_000 }],
    ["lossBudget: PT0S", { lossBudgetMs: 0 }],
    ["cooldown: PT2H", { cooldownMs: 7_200_000 }],
    ["flapping: { outages: 5 }", { flapping: { outages: 5, withinMs: 1_800_000 } }],
    ["keyProof: PT5M", { keyProofMs: 300_000 }],
    ["approval: PT5M", { approvalMs: 300_000 }],
    ["automatic: [gray-writes]", { automatic: ["gray-writes"] }],
  ])("%s", (own, expected) => {
    const config = read(two(own));
    expect(config.groups[1]?.policy).toMatchObject(expected);
    expect(config.groups[0]?.policy).not.toMatchObject(expected);
  });

  test("failback is overridden key by key", () => {
    const shared =
      'grace: PT3M\n  failback: { mode: off, window: "0 2 * * SAT", for: PT4H, timezone: UTC }';
    const text = change(two("failback: { mode: automatic, for: PT1H }"), "grace: PT3M", shared);
    expect(policyOf(text, 0)?.failback.mode).toBe("off");
    expect(policyOf(text, 1)?.failback).toEqual({
      mode: "automatic",
      window: { schedule: "0 2 * * SAT", forMs: 3_600_000, timezone: "UTC" },
      soakMs: 7_200_000,
    });
  });

  test("a group may go home at any time though the others may not", () => {
    const shared = 'grace: PT3M\n  failback: { window: "0 2 * * SAT", for: PT4H, timezone: UTC }';
    const text = change(two("failback: { window: always }"), "grace: PT3M", shared);
    expect(policyOf(text, 1)?.failback.window).toBeNull();
  });

  test("a group may lift the freeze of the others", () => {
    const shared = 'grace: PT3M\n  freeze: [{ schedule: "0 18 24 12 *", for: P3D, timezone: UTC }]';
    const text = change(two("freeze: []"), "grace: PT3M", shared);
    expect(policyOf(text, 0)?.freeze).toEqual([
      { schedule: "0 18 24 12 *", forMs: 259_200_000, timezone: "UTC" },
    ]);
    expect(policyOf(text, 1)?.freeze).toEqual([]);
  });
});

describe("the digest", () => {
  test("is the same for the same policies, however they are written", () => {
    const spelt = change(VALID, "grace: PT3M", "grace: PT180S\n  cooldown: PT1H");
    expect(read(spelt).digest).toBe(read(VALID).digest);
    expect(read(VALID).digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test("is the same whichever site reads the file", () => {
    expect(read(VALID, {}, "weu").digest).toBe(read(VALID, {}, "sec").digest);
  });

  test("does not depend on the order of the groups", () => {
    const [sites = "", group = ""] = VALID.split("groups:\n");
    const swapped = `${sites}groups:\n${SECOND_GROUP}${group}`;
    expect(read(swapped).digest).toBe(read(VALID + SECOND_GROUP).digest);
  });

  test("changes with any setting", () => {
    expect(read(change(VALID, "PT3M", "PT4M")).digest).not.toBe(read(VALID).digest);
  });
});
