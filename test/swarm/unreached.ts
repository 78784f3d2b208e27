const SET_UP = "how it was set up is read by geo-failover check, not by what decides";
const TELEMETRY = "the configuration of the swarm names no telemetry of the application";
const CLAIM_FIRST = "while our planned attempt runs its claim is open, and that row comes first";
const NEVER_LEADS = "a site in the primary's region never leads, and so decides nothing";
const CALLED_FIRST = "asked only by a call then, and the rows of calls come first";
const HEALTHY_FIRST = "the way home is asked about only while home is healthy";
const LAST = "the last row, which nothing reaches: shown in test/policy/exhaustive.test.ts";

/** What no seed of the gate brings up, each with its reason. Whoever reaches one takes its row away. */
export const UNREACHED: Readonly<Record<string, string>> = {
  "right-missing": "rights are told on the wire only: arm-refuses stands in for it",
  "resource-group-in": SET_UP,
  "key-not-added": SET_UP,
  "site-resource-in": SET_UP,
  "application-ratio": TELEMETRY,
  "application-unknown": TELEMETRY,
  capacity: TELEMETRY,
  "fail-over: planned-running": CLAIM_FIRST,
  "fail-over: long-trouble-guarded":
    "a seed is over before trouble has lasted the rto: the incident files of the middle band reach it",
  "fail-over: long-trouble-observed":
    "a seed is over before trouble has lasted the rto: the incident files of the middle band reach it",
  "fail-over: long-trouble":
    "a seed is over before trouble has lasted the rto: the incident files of the middle band reach it",
  "fail-over: healed":
    "an approval that waits while the primary heals needs a pause or a lost claim in those seconds: test/policy/has-healed",
  "fail-over: site-in-primary-region": NEVER_LEADS,
  "fail-over: otherwise": LAST,
  "fail-back: planned-running": "an attempt is an incident's: on the way home there is none",
  "fail-back: call-would-force": "a call to go home by force is refused before any rule",
  "fail-back: failback-off": CALLED_FIRST,
  "fail-back: home-not-healthy": HEALTHY_FIRST,
  "fail-back: observe": CALLED_FIRST,
  "fail-back: site-in-primary-region": NEVER_LEADS,
  "fail-back: otherwise": LAST,
};
