import { readDeployedConfig } from "../shared/config.ts";
import type { Config } from "../shared/domain/group.ts";
import { type Answer, misused } from "./answer.ts";
import { createReads, reachAzure } from "./check/azure-reads.ts";
import { checkEverything } from "./check/check-everything.ts";
import type { Finding } from "./check/finding.ts";
import { createInquiry, type InquiryOptions } from "./check/inquiry.ts";
import {
  exitCodeOf,
  findingsDocument,
  type Heading,
  renderFindings,
} from "./check/render-findings.ts";
import type { Command, Given } from "./command.ts";
import { findConfigured, readConfigFile } from "./read-policy.ts";

const TAKES = "GROUP [--config FILE] [--json] [--simulated]";
const EXPLAINS = `Looks at everything that a failover of the group would need, under your own credentials (az login), and
changes nothing. A check that could not be made is "unknown", never "ok".

  --config FILE           the configuration; else GEO_FAILOVER_CONFIG, else geo-failover.yaml
  --site NAME             tells of this site only; quorum is asked of all
  --json                  the document for programs instead of the table
  --key-check             has the secondary test its key: a POST that changes nothing
  --app-principal ID,...  object ids of the sites' identities, where Azure does not tell them
  --app-subscription ID,...
                          where to look for the sites, besides the instances' subscriptions
  --simulated             a simulated Azure instead, from the configuration or from demo/demo.yaml
  --scenario NAME         with --simulated: one of those of npm start -- --list; else calm
  --after PT2M            with --simulated: how long that world has lived

The keys of the sites are read from GEO_FAILOVER_KEY_<SITE>. It ends within half a minute, with
0 all ok, 1 something is wrong, 2 misused, 3 nothing is wrong and something is unknown.`;
const USAGE = `check ${TAKES}\n`;

/** `check`: whether a group could be failed over if its primary were lost now. It only reads. */
export const checkGroup: Command = {
  words: "check",
  takes: TAKES,
  says: "whether a group could be failed over if it had to be; reads only",
  explains: EXPLAINS,
  options: {
    config: { type: "string" },
    site: { type: "string" },
    json: { type: "boolean" },
    "key-check": { type: "boolean" },
    "app-principal": { type: "string" },
    "app-subscription": { type: "string" },
    simulated: { type: "boolean" },
    scenario: { type: "string" },
    after: { type: "string" },
  },
  operands: 1,
  run: (given: Given): Promise<Answer> =>
    given.options.simulated === true ? checkSimulation(given) : checkAzure(given),
};

async function checkAzure(given: Given): Promise<Answer> {
  const { operands, options, env } = given;
  const path = text(options.config) ?? env.GEO_FAILOVER_CONFIG ?? "geo-failover.yaml";
  const read = readConfigFile(path, env, readDeployedConfig);
  if (read.kind === "refused") return misused(read.because, USAGE);
  const found = findConfigured(read.config, operands[0] ?? "");
  if (found.kind === "refused") return misused(found.because, USAGE);
  const inquired = inquiryOptions(read.config, given);
  if (typeof inquired === "string") return misused(inquired, USAGE);
  const reads = createReads(reachAzure(env));
  const findings = await checkEverything(createInquiry(read.config, found.group, reads, inquired));
  const heading: Heading = {
    group: found.group.name,
    against: "azure",
    as: "as the account that is signed in here (az login)",
    at: reads.clock.now(),
  };
  return answerOf(heading, findings, given);
}

/** Loaded only when it is asked for: whoever checks Azure needs no simulator. */
async function checkSimulation(given: Given): Promise<Answer> {
  const { simulate } = await import("./check/simulate.ts");
  const { operands, options } = given;
  const simulated = await simulate({
    config: text(options.config),
    group: operands[0] ?? "",
    scenario: text(options.scenario) ?? "calm",
    after: text(options.after) ?? "PT2M",
    options: (config) => inquiryOptions(config, given),
  });
  if (simulated.kind === "refused") return misused(simulated.because, USAGE);
  return answerOf(simulated.heading, simulated.findings, given);
}

function answerOf(
  heading: Heading,
  findings: readonly Finding[],
  { options, terminal }: Given,
): Answer {
  const stdout =
    options.json === true
      ? findingsDocument(heading, findings)
      : renderFindings(heading, findings, terminal.colour);
  return { exitCode: exitCodeOf(findings), stdout, stderr: "" };
}

const PRINCIPAL = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What was asked for, or why it cannot be done. */
function inquiryOptions({ sites }: Config, { options }: Given): InquiryOptions | string {
  const wanted = text(options.site);
  const asked = wanted === null ? sites : sites.filter(({ name }) => name === wanted);
  if (asked.length === 0) {
    const known = sites.map(({ name }) => name).join(", ");
    return `Cannot find site ${wanted} in the configuration: configured are ${known}`;
  }
  const appPrincipals = listOf(options["app-principal"]);
  const subscriptionIds = listOf(options["app-subscription"]);
  const bad = [...appPrincipals, ...subscriptionIds].find((id) => !PRINCIPAL.test(id));
  if (bad !== undefined) return `Cannot use this id: it must be a GUID: ${bad}`;
  return { sites: asked, appPrincipals, subscriptionIds, keyCheck: options["key-check"] === true };
}

function listOf(value: string | boolean | undefined): readonly string[] {
  const words = (text(value) ?? "").split(",").map((word) => word.trim());
  return words.filter((word) => word !== "");
}

function text(value: string | boolean | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
