import { describe, expect, test } from "vitest";
import { change, errorOf, HERE, onlyProblem, read, SECOND_GROUP, VALID } from "./fixture.ts";

const SEC = "  - { name: sec,";
const THIRD_SITE = "{ name: sec, region: swedencentral,";
const MODE = "mode: automatic";

describe("times", () => {
  const CASES: readonly (readonly [because: string, to: string])[] = [
    ["short-grace", `grace: ${HERE}PT2M59S`],
    ["short-grace", `grayGrace: ${HERE}PT2M`],
    ["grace-of-few-looks", `allowShortGrace: true\n  grace: ${HERE}PT40S`],
    ["grace-of-few-looks", `interval: PT45S\n  grace: ${HERE}PT3M`],
    ["timeout-not-below-interval", `probeTimeout: ${HERE}PT10S`],
    ["timeout-not-below-interval", `interval: ${HERE}PT8S`],
    ["looks-too-rare", `interval: ${HERE}PT52.001S`],
    ["freeze-never-ends", `freeze: [{ schedule: "0 0 * * *", for: ${HERE}P1D, timezone: UTC }]`],
    ["window-incomplete", `failback: { window: ${HERE}"0 2 * * SAT", for: PT4H }`],
    ["window-incomplete", `failback: { window: ${HERE}"0 2 * * SAT", timezone: UTC }`],
    ["window-missing", `failback: { for: ${HERE}PT4H }`],
  ];
  test.each(CASES)("%s: %s", (because, to) => {
    const marked = change(VALID, "grace: PT3M", to);
    expect(onlyProblem(marked).because).toBe(because);
  });

  test.each([
    ["a grace of three minutes", "grace: PT3M"],
    ["a short grace that says so", "allowShortGrace: true\n  grace: PT40.001S"],
    ["a probe timeout just below the interval", "probeTimeout: PT9.999S"],
    ["looks a minute apart", "interval: PT52S"],
    [
      "a freeze that ends in time",
      'freeze: [{ schedule: "0 0 * * *", for: PT23H, timezone: UTC }]',
    ],
  ])("%s is permitted", (_, to) => {
    expect(read(change(VALID, "grace: PT3M", to)).groups).toHaveLength(1);
  });

  test("a fault of the defaults is told once, however many groups share it", () => {
    const marked = change(VALID, "grace: PT3M", `grace: ${HERE}PT2M`) + SECOND_GROUP;
    expect(onlyProblem(marked).path).toBe("defaults.grace");
  });

  test("a fault of the defaults that every group overrides is none", () => {
    const text = change(VALID, "grace: PT3M", "grace: PT2M");
    expect(read(change(text, "canary:", "grace: PT4M\n    canary:")).groups).toHaveLength(1);
  });

  test("a tick that a timer cannot keep", () => {
    expect(onlyProblem(`${VALID}tick: ${HERE}PT25S\n`).because).toBe("tick-uneven");
  });
});

describe("a group that could never act, or never veto", () => {
  test("two sites lose their quorum with either region", () => {
    const lines = VALID.split("\n").filter((line) => !line.startsWith(SEC));
    const { problems } = errorOf(lines.join("\n"));
    expect(problems.map(({ because, line, column }) => ({ because, line, column }))).toEqual([
      { because: "quorum-lost", line: 1, column: 1 },
      { because: "quorum-lost", line: 1, column: 1 },
    ]);
  });

  test.each(["westeurope", "northeurope"])("two of three sites in %s lose it one way", (region) => {
    const marked = change(HERE + VALID, THIRD_SITE, `{ name: sec, region: ${region},`);
    const problem = onlyProblem(marked);
    expect(problem).toMatchObject({ because: "quorum-lost", path: "sites" });
    expect(problem.message).toContain(region);
  });

  test.each(["approve", "automatic"])("mode %s needs a site in each group region", (mode) => {
    const text = change(VALID, "region: westeurope,", "region: francecentral,");
    const marked = change(
      change(text, MODE, `mode: ${mode}`),
      "region: westeurope",
      `region: ${HERE}westeurope`,
    );
    expect(onlyProblem(marked)).toMatchObject({
      because: "region-without-site",
      path: "groups[0].home.region",
    });
  });

  test.each(["approve", "automatic"])(
    "mode %s needs every site to know when it is blind",
    (mode) => {
      const text = change(VALID, MODE, `mode: ${mode}`);
      const marked = change(text, "name: weu", `name: ${HERE}weu`);
      const problem = onlyProblem(change(marked, ", reference: ref-weu.example.net:1433", ""));
      expect(problem.because).toBe("site-without-reference");
    },
  );

  test("mode automatic needs a canary", () => {
    const marked = change(VALID, "name: orders-fog", `name: ${HERE}orders-fog`);
    const problem = onlyProblem(change(marked, "    canary: { database: orders }\n", ""));
    expect(problem.because).toBe("automatic-without-canary");
  });

  test("mode approve needs none", () => {
    const text = change(VALID, MODE, "mode: approve");
    expect(
      read(change(text, "    canary: { database: orders }\n", "")).groups[0]?.canary,
    ).toBeNull();
  });

  test("mode observe may watch from elsewhere", () => {
    const text = change(VALID, MODE, "mode: observe");
    const elsewhere = change(text, "region: westeurope,", "region: francecentral,");
    expect(read(change(elsewhere, ", reference: ref-weu.example.net:1433", "")).sites).toHaveLength(
      3,
    );
  });
});

describe("who is who", () => {
  const HOME_HOST = "fqdn: mi-orders-weu.";
  const PARTNER_HOST = "fqdn: mi-orders-neu.abc123";
  const CASES: readonly (readonly [because: string, from: string, to: string])[] = [
    ["same-region", "region: northeurope\n", `region: ${HERE}West Europe\n`],
    ["listener", HOME_HOST, `fqdn: ${HERE}orders-fog.`],
    ["host-of-another", HOME_HOST, `fqdn: ${HERE}mi-billing.`],
    ["zones-differ", PARTNER_HOST, `fqdn: ${HERE}mi-orders-neu.def456`],
    ["repeated-site", THIRD_SITE, `{ name: ${HERE}weu, region: swedencentral,`],
    ["repeated-url", "https://sec.", `${HERE}https://weu.`],
  ];
  test.each(CASES)("%s", (because, from, to) => {
    expect(onlyProblem(change(VALID, from, to)).because).toBe(because);
  });

  test("the same instance twice in one group, whatever its spelling", () => {
    const home = "Microsoft.Sql/managedInstances/mi-orders-weu";
    const partner = "Microsoft.Sql/managedInstances/mi-orders-neu";
    const text = change(VALID, partner, home.toUpperCase());
    const { problems } = errorOf(change(text, PARTNER_HOST, "fqdn: mi-orders-weu.abc123"));
    expect(problems).toMatchObject([
      { because: "same-instance", path: "groups[0].partner.instance" },
    ]);
  });

  test("the same instance in two groups", () => {
    const two = VALID + SECOND_GROUP;
    const shared = two.replaceAll("mi-billing-neu", "MI-orders-neu");
    expect(errorOf(shared).problems).toMatchObject([
      { because: "instance-in-two-groups", path: "groups[1].partner.instance" },
    ]);
  });

  test("two groups of one name", () => {
    const marked = VALID + change(SECOND_GROUP, "billing-fog", `${HERE}orders-fog`);
    expect(onlyProblem(marked).because).toBe("repeated-group");
  });

  test("two sites with one store", () => {
    const store = ", store: https://x.table.core.windows.net }";
    const text = VALID.replaceAll(":1433 }", `:1433${store}`);
    const { problems } = errorOf(text);
    expect(problems.map(({ because }) => because)).toEqual(["repeated-store", "repeated-store"]);
  });

  test("a site that is not in the file", () => {
    const { problems } = errorOf(VALID, {}, "new");
    expect(problems).toMatchObject([
      { because: "unknown-self", path: "sites", line: 1, column: 1 },
    ]);
    expect(problems[0]?.message).toContain("write neu");
  });
});
