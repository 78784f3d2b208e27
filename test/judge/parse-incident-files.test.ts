import { describe, expect, test } from "vitest";
import { parseIncidentFiles } from "../../judge/parse-incident-files.ts";
import { SOURCE_NAMES } from "../../judge/sources.ts";

const WHOLE = { id: "X1", title: "t", duration_s: 600, config: {}, signals: [] };

function parse(change: Readonly<Record<string, unknown>>) {
  return parseIncidentFiles(JSON.stringify([{ ...WHOLE, ...change }]), "incidents.json");
}

function said(change: Readonly<Record<string, unknown>>): readonly string[] {
  return parse(change).problems.map(({ path, id, message }) => `${id}: ${path}: ${message}`);
}

const signal = (source: string, value: unknown) => ({ signals: [{ t_s: 1, source, value }] });

const SQL = ["ok", "timeout", "silent", "dns_fail", "err:40613", "err:db_inaccessible"].concat(
  [
    "err:ECONNRESET",
    "err:UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "err:ENEW",
    "err:987654",
    "err:4294967297",
    "err:E NEW",
    "slow:4000",
    "slow:0",
    "flaky:0.25",
    "flaky:1",
    "partial:1/3",
  ],
  ["partial:2/2_err:926"],
);
const ACCEPTED: Readonly<Record<string, readonly unknown[]>> = {
  "tds_primary@A": SQL,
  "tds_primary@B": SQL,
  "tds_primary@C": SQL,
  "tds_secondary@B": SQL,
  "tds_secondary@C": SQL,
  "listener_rw@A": SQL,
  "write_canary@A": SQL,
  "ref_probe@A": ["ok", "timeout", "silent", "dns_fail", "err:UND_ERR_NEW"],
  "ref_probe@B": ["ok"],
  "ref_probe@C": ["ok"],
  "home_ref@B": ["ok", "timeout", "unknown", "err:CERT_NEW"],
  "home_ref@C": ["ok"],
  app_e2e: [0, 1, 0.5, "0.5", "unknown"],
  app_e2e_age_s: [0, 240],
  arm_global: ["ok", "timeout", "5xx", "throttled_429", "unknown"],
  arm_primary: ["Ready", "Updating", "Stopped", "timeout", "5xx", "throttled_429", "Hibernating"],
  arm_secondary: [
    "unknown",
    "err:NoSuchCode",
    "429",
    500,
    "InstanceFailoverGroupBusy",
    "GeoDrInstanceSizeMismatch",
  ],
  "resource_health@A": ["Available", "Degraded", "Unavailable", "Unknown", "Resting"],
  service_health: ["none", "issue:SQL:A", "issue:Network:global"],
  "metrics_age_s@A": [0, 1200],
  repl_lag_s: [0, 1.5, "unknown"],
  repl_lag_age_s: [15],
  secondary_last_commit_gap_s: [2, "unknown"],
  "key_vault@A": [
    "AkvKeyDisabled",
    "denied",
    500,
    "ok",
    403,
    "403",
    "404",
    "429",
    "5xx",
    "timeout",
    "unknown",
  ],
  "key_vault@B": ["ok"],
  identity: ["ok", "timeout", "5xx"],
  dns_listener: ["A", "B", "servfail", "timeout"],
  dns_control: ["ok", "servfail", "timeout"],
  fog_status: ["Synchronizing", "Seeding", "Suspended", "FailoverInProgress", "unknown", "PENDING"],
  fog_primary: ["A", "B", "unknown"],
  alerts: ["none", "fired:replication_lag"],
  activity_log: [
    "none",
    "failover:user@corp",
    "failback:orchestrator(epoch7)",
    "planned_failover:orchestrator",
    "planned_failover_failed:PlannedFailoverTimedOut",
    "planned_failover_failed:PlannedFailoverTimedOut:orchestrator",
    "mi_scale:-",
    "nsg_rule_write",
    "deployment:v1.2.3",
    "Microsoft.Sql/managedInstances/write:user@corp",
  ],
  operator: ["none", "approve", "deny", "no_response"],
  "app_capacity@B": ["ready", "not_ready", "unknown"],
  orchestrator: [
    "activity_redelivered(epoch7)",
    "activity_redelivered(7)",
    "stalled",
    "resumed",
    "token_cached_valid_until:1800",
  ],
};

const NEVER_SQL = ["", "OK", "err:", "err: x", "slow:-1", "slow:fast", "flaky:1.1"].concat([
  "flaky:",
  "partial:4/3",
  "partial:1/0",
  "partial:1",
  "unknown",
]);
const REFUSED: Readonly<Record<string, readonly unknown[]>> = {
  "tds_primary@A": [...NEVER_SQL, 18456],
  "write_canary@A": NEVER_SQL,
  "ref_probe@A": ["unknown", "slow:10", "err:"],
  "home_ref@B": ["silent"],
  app_e2e: [1.01, -0.1, "most"],
  app_e2e_age_s: [-1, "old"],
  arm_global: ["Ready", "429"],
  arm_primary: ["", " Ready"],
  "resource_health@A": [""],
  service_health: ["issue", "issue:SQL", "fired:x"],
  "metrics_age_s@A": [-1, "unknown"],
  repl_lag_s: [-1, "lots"],
  "key_vault@A": [""],
  identity: ["unknown"],
  dns_listener: ["C"],
  fog_status: [""],
  fog_primary: ["C"],
  alerts: ["fired:", "resolved:x"],
  activity_log: ["", "failover:", "planned_failover_failed", ":user", "none:user"],
  operator: ["approved"],
  "app_capacity@B": ["not-ready"],
  orchestrator: ["none", "activity_redelivered()", "activity_redelivered(epoch0)", "crashed"],
};

describe("a value", () => {
  test("of every source is known in each of its forms", () => {
    expect(Object.keys(ACCEPTED).sort()).toEqual([...SOURCE_NAMES].sort());
    for (const [source, values] of Object.entries(ACCEPTED)) {
      for (const value of values) expect(said(signal(source, value))).toEqual([]);
    }
  });

  test("in any other form is refused, naming incident file, place and value", () => {
    for (const [source, values] of Object.entries(REFUSED)) {
      for (const value of values) {
        const [problem, ...others] = said(signal(source, value));
        expect(others).toEqual([]);
        const place = `X1: incidents.json[0].signals[0].value: ${source} cannot be`;
        expect(problem).toContain(`${place} ${JSON.stringify(value)}; it is one of: `);
      }
    }
  });

  test("that is neither text nor number is refused", () => {
    expect(said(signal("app_e2e", null))).toEqual([
      "X1: incidents.json[0].signals[0].value: null: must be a text or a number",
    ]);
  });
});

describe("a signal", () => {
  test("of a source that does not exist is refused, with what was meant", () => {
    expect(said(signal("tds_primary@D", "ok"))).toEqual([
      "X1: incidents.json[0].signals[0].source: no source has this name: tds_primary@D; did you mean tds_primary@A?",
    ]);
  });

  test("without an instant is refused with its index", () => {
    const signals = [
      { t_s: 0, source: "identity", value: "ok" },
      { source: "identity", value: "ok" },
    ];
    expect(said({ signals })[0]).toMatch(/^X1: incidents.json\[0\]\.signals\[1\]\.t_s: missing: /);
  });

  test("may stand anywhere in the list: time orders them", () => {
    const signals = [
      { t_s: 60, source: "identity", value: "timeout" },
      { t_s: 10, source: "fog_primary", value: "A" },
    ];
    expect(parse({ signals }).incidentFiles[0]?.signals.map(({ atMs }) => atMs)).toEqual([
      10_000, 60_000,
    ]);
  });
});

describe("an incident file", () => {
  test("without config has the catalogue's defaults", () => {
    expect(parse({ config: undefined }).incidentFiles[0]?.config).toMatchObject({
      tickMs: 30_000,
      graceMs: 300_000,
      grayGraceMs: 600_000,
      lossBudgetMs: 30_000,
      mode: "automatic",
      failback: "off",
    });
  });

  test("says in its config what the product is set to", () => {
    const config = {
      confirm_s: 180,
      mode: "approval",
      auto_failback: true,
      failover_policy: "microsoft_managed",
      secondary_sku: "smaller",
      vault_topology: "shared",
      quorum: "prose",
    };
    expect(parse({ config }).incidentFiles[0]?.config).toMatchObject({
      graceMs: 180_000,
      mode: "approve",
      failback: "automatic",
      failoverPolicy: "automatic",
      secondarySku: "other",
      keys: "customer",
    });
  });

  test("with a setting that is unknown or out of bounds is refused", () => {
    expect(said({ config: { confirm: 300, mode: "automatic", confirm_s: "300" } })).toEqual([
      expect.stringMatching(/^X1: incidents.json\[0\]\.config\.confirm: .*did you mean confirm_s/),
      expect.stringMatching(/^X1: incidents.json\[0\]\.config\.mode: cannot be "automatic"/),
      expect.stringMatching(/^X1: incidents.json\[0\]\.config\.confirm_s: cannot be "300"/),
    ]);
  });

  test("without what it must have is refused, key by key", () => {
    const { problems } = parseIncidentFiles('[{"title":"t"}]', "f.json");
    expect(problems.map(({ path }) => path)).toEqual([
      "f.json[0].id",
      "f.json[0].duration_s",
      "f.json[0].signals",
    ]);
    expect(problems[0]).toMatchObject({ id: "#0" });
  });

  test("that expects what is no decision is refused", () => {
    expect(said({ expected: { decision: "maybe" } })[0]).toContain('.expected.decision: "maybe": ');
    const late = { decision: "failover", earliest_s: 9, latest_s: 1 };
    expect(said({ expected: late })[0]).toContain(".expected.earliest_s: is after latest_s: 9 > 1");
  });

  test("may expect nothing, and may carry notes", () => {
    const { incidentFiles, problems } = parse({ rationale: "why", tags: ["a"] });
    expect(problems).toEqual([]);
    expect(incidentFiles[0]?.expected).toBeNull();
  });

  test("with the id of another is refused, and the first one stays", () => {
    const { incidentFiles, problems } = parseIncidentFiles(
      JSON.stringify([WHOLE, WHOLE]),
      "f.json",
    );
    expect(incidentFiles).toHaveLength(1);
    expect(problems).toEqual([
      { path: "f.json[1].id", id: "X1", message: "another incident file has this id" },
    ]);
  });

  test("that is malformed does not take the others with it", () => {
    const { incidentFiles, problems } = parseIncidentFiles(
      JSON.stringify([{ id: "bad" }, WHOLE]),
      "f.json",
    );
    expect(incidentFiles.map(({ id }) => id)).toEqual(["X1"]);
    expect(problems[0]).toMatchObject({ id: "bad", path: "f.json[0].duration_s" });
  });
});

describe("a file", () => {
  test("that is no JSON, or no array, is refused as a whole", () => {
    expect(parseIncidentFiles("[{", "f.json").problems).toEqual([
      { path: "f.json", id: null, message: expect.stringContaining("is no JSON") },
    ]);
    expect(parseIncidentFiles("{}", "f.json").problems).toEqual([
      { path: "f.json", id: null, message: "is no array of incident files" },
    ]);
  });
});
