const SET_UP = "how it was set up is read by geo-failover check, not by what decides";
const TELEMETRY = "the configuration of the swarm names no telemetry of the application";
const PLATFORM = "what the platform says of itself changes a diagnosis, and no request";
const RARE = "possible, and met by none of the seeds of the gate";
const BY_CALL = "a call at just that moment: met by none of the seeds of the gate";
const HOMEWARD = "a short way home is drawn in nine of a hundred, and few meet this";
const LAST = "the last row, which nothing reaches: shown in test/policy/exhaustive.test.ts";

/** What no seed of the gate brings up, each with its reason. Whoever reaches one takes its row away. */
export const UNREACHED: Readonly<Record<string, string>> = {
  "instance-state": SET_UP,
  "right-missing": "rights are told on the wire only: arm-refuses stands in for it",
  "resource-group-in": SET_UP,
  "key-not-added": SET_UP,
  "site-resource-in": SET_UP,
  seeding: "one of the obstacles and hurdles: no seed of the gate happens to draw it",
  "dns-lag": "only how long verification takes",
  "region-reference-down": PLATFORM,
  "client-load": TELEMETRY,
  "application-ratio": TELEMETRY,
  "application-unknown": TELEMETRY,
  capacity: TELEMETRY,
  "platform-advice": PLATFORM,
  "fail-over: claim-open": RARE,
  "fail-over: planned-running": RARE,
  "fail-over: call-guard-absolute": BY_CALL,
  "fail-over: call-in-observe": BY_CALL,
  "fail-over: call-guard-not-accepted": BY_CALL,
  "fail-over: call-at-wrong-site": BY_CALL,
  "fail-over: planned-timed-out-for-database": RARE,
  "fail-over: gray-without-planned": RARE,
  "fail-over: site-in-primary-region": RARE,
  "fail-over: forced-after-planned": RARE,
  "fail-over: otherwise": LAST,
  "fail-back: failover-by-other": HOMEWARD,
  "fail-back: roles-moved": HOMEWARD,
  "fail-back: claim-open": HOMEWARD,
  "fail-back: planned-running": HOMEWARD,
  "fail-back: not-away": HOMEWARD,
  "fail-back: primary-in-trouble": HOMEWARD,
  "fail-back: cooling-down": HOMEWARD,
  "fail-back: call-accepted": BY_CALL,
  "fail-back: call-would-force": BY_CALL,
  "fail-back: call-guard-absolute": BY_CALL,
  "fail-back: call-in-observe": BY_CALL,
  "fail-back: call-guard-not-accepted": BY_CALL,
  "fail-back: call-at-wrong-site": BY_CALL,
  "fail-back: failback-off": HOMEWARD,
  "fail-back: home-not-healthy": HOMEWARD,
  "fail-back: window-closed": HOMEWARD,
  "fail-back: absolute-guard": HOMEWARD,
  "fail-back: observe": HOMEWARD,
  "fail-back: lag": HOMEWARD,
  "fail-back: guard": HOMEWARD,
  "fail-back: failback-approve": HOMEWARD,
  "fail-back: site-in-primary-region": HOMEWARD,
  "fail-back: otherwise": LAST,
};
