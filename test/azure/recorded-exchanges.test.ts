import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { adapterOn, ask, type Call, neu, recorded } from "./arm-wire.ts";

type Row = readonly [file: string, call: Call, outcome: object, region?: string];

const identity = { kind: "unknown", because: "identity" };
const notAGroup = { kind: "unknown", because: "not-a-group" };
const notAsked = { kind: "unknown", because: "not-what-was-asked" };
const noStatus = { kind: "unknown", because: "no-status" };
const human = { errorClass: "page-a-human" };

/** Every recorded exchange with Resource Manager, put where it can hurt, and what we make of it. */
const ROWS: readonly Row[] = [
  ["arm-401-expired-token", "read", identity],
  [
    "arm-401-expired-token",
    "fail-over",
    { kind: "refused", errorClass: "unknown", code: "ExpiredAuthenticationToken" },
  ],
  ["arm-401-expired-token", "poll", identity],
  [
    "arm-403-authorization-failed-gateway",
    "read",
    { kind: "unknown", because: "http-403 (AuthorizationFailed)" },
  ],
  [
    "arm-403-authorization-failed-gateway",
    "fail-over",
    { kind: "refused", ...human, code: "AuthorizationFailed" },
  ],
  ["arm-403-authorization-failed-gateway", "poll", { kind: "unknown" }],
  [
    "arm-403-linked-authorization-failed",
    "fail-over",
    { kind: "refused", ...human, code: "LinkedAuthorizationFailed" },
  ],
  ["arm-404-child-not-found-provider", "read", { kind: "not-found", code: "ResourceNotFound" }],
  ["arm-404-instance-not-found-gateway", "read", { kind: "not-found", code: "ResourceNotFound" }],
  [
    "arm-404-instance-not-found-gateway",
    "fail-over",
    { kind: "refused", ...human, code: "ResourceNotFound" },
  ],
  [
    "arm-404-child-not-found-provider",
    "poll",
    { kind: "unknown", because: "http-404 (ResourceNotFound)" },
  ],
  [
    "arm-409-rg-delete-timeout-pascal-case",
    "poll-result",
    { kind: "failed", errorClass: "unknown", code: "ResourceGroupDeletionTimeout" },
  ],
  [
    "arm-429-lock-odd-envelope",
    "fail-over",
    { kind: "refused", errorClass: "busy", code: "429", retryAfterMs: 10_000 },
  ],
  ["arm-429-lock-odd-envelope", "poll", { kind: "unknown" }],
  [
    "arm-429-subscription-requests-throttled",
    "fail-over",
    {
      kind: "refused",
      errorClass: "busy",
      code: "SubscriptionRequestsThrottled",
      retryAfterMs: 10_000,
    },
  ],
  ["arm-429-subscription-requests-throttled", "read", { kind: "unknown" }],
  [
    "arm-500-internal-with-location",
    "fail-over",
    { kind: "unanswered", because: "http-500 (InternalServerError)" },
  ],
  ["arm-500-internal-with-location", "read", { kind: "unknown" }],
  [
    "arm-500-poll-multiple-errors",
    "poll",
    { kind: "unknown", because: "http-500 (ServerTimeout)" },
  ],
  ["arm-500-poll-multiple-errors", "poll-result", { kind: "unknown" }],
  [
    "arm-504-gateway-timeout",
    "fail-over",
    { kind: "unanswered", because: "http-504 (GatewayTimeout)" },
  ],
  [
    "arm-deployment-failed-nested",
    "poll-result",
    { kind: "failed", errorClass: "bug", code: "InvalidParameter" },
  ],
  ["arm-deployment-failed-nested", "poll", noStatus],
  [
    "arm-fog-get-primary-side-automatic",
    "read",
    { kind: "read", role: "primary", failoverPolicy: "automatic" },
    "westcentralus",
  ],
  [
    "arm-fog-get-secondary-side-automatic",
    "read",
    { kind: "read", role: "secondary", failoverPolicy: "automatic" },
    "centralus",
  ],
  [
    "arm-fog-planned-0-get-secondary-side-before",
    "read",
    {
      kind: "read",
      role: "secondary",
      replication: { kind: "following", said: "CATCH_UP" },
      failoverPolicy: "manual",
      primaryInstanceId: expect.stringMatching(/mi-primary-wcus$/),
      partnerInstanceId: expect.stringMatching(/mi-mdcs-cx-secondary$/),
    },
    "centralus",
  ],
  // The same body, had it come to another region: the role is never that of the wrong side.
  ["arm-fog-planned-0-get-secondary-side-before", "read", notAsked, "westcentralus"],
  ["arm-fog-planned-0-get-secondary-side-before", "read", notAsked, "northeurope"],
  [
    "arm-fog-planned-1-post-202",
    "fail-over",
    {
      kind: "accepted",
      ticket: expect.stringContaining("AzureAsyncOperation"),
      retryAfterMs: 10_000,
    },
  ],
  ["arm-fog-planned-2-poll-inprogress", "poll", { kind: "running", retryAfterMs: 10_000 }],
  ["arm-fog-planned-3-poll-succeeded", "poll", { kind: "succeeded" }],
  ["arm-fog-planned-4-location-result-200", "poll-result", { kind: "succeeded" }],
  ["arm-fog-planned-4-location-result-200", "poll", noStatus],
  ["arm-fog-planned-4-location-result-200", "read", { kind: "read", role: "primary" }, "centralus"],
  [
    "arm-fog-planned-on-primary-400",
    "fail-over",
    {
      kind: "refused",
      errorClass: "already-done",
      code: "InstanceFailoverGroupFailoverRequestOnPrimary",
    },
  ],
  ["arm-fog-poll-inprogress-with-retry-after", "poll", { kind: "running", retryAfterMs: 10_000 }],
  ["arm-fog-poll-succeeded-with-retry-after-12", "poll", { kind: "succeeded" }],
  ["arm-fog-put-update-manual-202", "fail-over", { kind: "accepted" }],
  [
    "arm-lro-signed-urls-1-delete-202",
    "fail-over",
    { kind: "accepted", ticket: expect.stringContaining("&s=") },
  ],
  [
    "arm-lro-signed-urls-2-poll-failed-200",
    "poll",
    { kind: "failed", errorClass: "unknown", code: "OperationIdNotFound" },
  ],
  ["arm-mi-encryption-protector-customer-key", "read", notAGroup],
  ["arm-mi-get-gp-with-private-endpoints", "read", notAGroup],
  ["arm-mi-get-gp-with-private-endpoints", "poll", noStatus],
  ["arm-mi-get-ready-without-identity", "read", notAGroup],
  ["arm-mi-local-failover-1-post-202", "fail-over", { kind: "accepted" }],
  ["arm-mi-local-failover-4-location-result-empty-200", "poll-result", { kind: "succeeded" }],
  ["arm-mi-local-failover-4-location-result-empty-200", "poll", noStatus],
  ["arm-mi-operations-list-scaling", "poll-result", noStatus],
  ["arm-mi-operations-list-scaling", "read", notAGroup],
  ["arm-sqldb-fog-get-secondary", "read", notAGroup],
  ["arm-sqldb-fog-list-secondary", "read", notAGroup],
  // Its poll URL is of another host than the one we talk to: ours does not go there.
  ["arm-sqldb-fog-put-create-202", "fail-over", { kind: "accepted", ticket: null }],
  ["gateway-403-html", "read", { kind: "unknown", because: "http-403" }],
  ["gateway-403-html", "fail-over", { kind: "refused", errorClass: "unknown", code: "http-403" }],
  ["gateway-403-html", "poll", { kind: "unknown", because: "http-403" }],
  ["spec-fog-forced-200-with-secondary-type", "fail-over", { kind: "accepted", ticket: null }],
  [
    "spec-fog-forced-200-with-secondary-type",
    "read",
    { kind: "read", role: "primary" },
    "japanwest",
  ],
  ["spec-mi-validate-key-202", "fail-over", { kind: "accepted" }],
];

/** The group that a recorded body is of. */
function groupIn(body: string) {
  const id = /"id":"(\/subscriptions\/[^"]*)"/.exec(body)?.[1] ?? "";
  const [, , subscriptionId = "", , resourceGroup = ""] = id.split("/");
  return { subscriptionId, resourceGroup, group: id.split("/").at(-1) ?? "" };
}

for (const [file, call, outcome, region] of ROWS) {
  test(`${file}, answered to ${call}${region === undefined ? "" : ` in ${region}`}`, async () => {
    const { answer } = recorded(file);
    const { groups } = adapterOn(() => answer);
    const asked = call === "read" ? groupIn(answer.body) : null;
    const told =
      asked === null || region === undefined
        ? await ask(groups, call, region)
        : await groups.read(asked.group, { ...neu, ...asked, region });
    expect(told).toMatchObject(outcome);
  });
}

test("no recorded exchange with Resource Manager is left out", () => {
  const files = readdirSync(new URL("../recorded", import.meta.url))
    .filter((file) => /^(arm-|gateway-|spec-fog-|spec-mi-validate)/.test(file))
    .map((file) => file.replace(/\.json$/, ""));
  expect(new Set(ROWS.map(([file]) => file))).toEqual(new Set(files));
});
