import type { Config, Site } from "../../shared/domain/group.ts";
import { ok, type Question, type Said, unknown, wrong } from "./finding.ts";
import { type Inquiry, SIDES } from "./inquiry.ts";
import type { SiteStatus } from "./site-status.ts";
import { sayAge } from "./wording.ts";

const TICKS_MISSED_MAX = 4;

/** Whether the sites run, are one release with one configuration, and can make a quorum without either region. */
export function checkSites(inquiry: Inquiry): readonly Question[] {
  const { options, group } = inquiry;
  return [
    ...options.sites.map((site) => ({
      check: "site",
      subject: site.name,
      ask: () => judgeSite(inquiry, site),
    })),
    { check: "sites", subject: "one release", ask: () => judgeRelease(inquiry) },
    { check: "sites", subject: "one configuration", ask: () => judgeConfiguration(inquiry) },
    ...SIDES.map((side) => ({
      check: "quorum",
      subject: `without ${group[side].region}`,
      ask: () => judgeQuorum(inquiry, group[side].region),
    })),
  ];
}

async function judgeSite(inquiry: Inquiry, site: Site): Promise<Said> {
  const status = await inquiry.status(site);
  switch (status.kind) {
    case "told":
      return judgeTold(inquiry.config, status);
    case "refused":
      return judgeRefused(inquiry, site, status.status);
    case "unreadable":
      return wrong(`${site.url} answers something else: ${status.because}`, "correct its url");
    case "silent":
      return judgeSilent(inquiry, site);
    default:
      return status satisfies never;
  }
}

function judgeTold(config: Config, { lastTickAgeMs, group }: Told): Said {
  const allowedMs = TICKS_MISSED_MAX * config.tickMs;
  if (lastTickAgeMs === null) {
    return unknown("it answers, and does not tell when it last ticked", "see its own store");
  }
  if (lastTickAgeMs >= allowedMs) {
    return wrong(
      `it answers, and its last tick was ${sayAge(lastTickAgeMs)} ago`,
      "restart it; see alwaysReady and the log of the function tick",
    );
  }
  const look = group.lastLook.kind === "read" ? group.lastLook.value : null;
  if (look === null) return unknown("it ticks, and has not told a look", "wait a tick");
  if (look.result === "blind") {
    return wrong(
      `it ticks, and sees nothing: ${look.code}`,
      "see its reference, its network and its identity",
    );
  }
  return ok(`it ticked ${sayAge(lastTickAgeMs)} ago`);
}

function judgeRefused(inquiry: Inquiry, site: Site, status: number): Said {
  if (status === 401 || status === 403) {
    const name = site.name.toUpperCase().replaceAll("-", "_");
    return unknown(
      `it wants another key (HTTP ${status})`,
      `set GEO_FAILOVER_KEY_${name} to a function key of that app`,
    );
  }
  if (status === 404) {
    return wrong(
      `it knows no group ${inquiry.group.name} (HTTP 404)`,
      "deploy this configuration to it, or correct its url",
    );
  }
  return wrong(`it answers HTTP ${status}`, "see the log of the app");
}

/** Where another site answers, this machine is not cut off. */
async function judgeSilent({ config, status }: Inquiry, site: Site): Promise<Said> {
  const others = config.sites.filter(({ name }) => name !== site.name);
  const told = await Promise.all(others.map(status));
  const next = `see whether the app of ${site.name} runs, and whether this machine may reach it`;
  return told.some(({ kind }) => kind === "told" || kind === "refused")
    ? wrong(`${site.url} does not answer, and another site does`, next)
    : unknown("no site answers: this machine may be cut off", next);
}

async function judgeRelease({ config, status }: Inquiry): Promise<Said> {
  const told = await Promise.all(config.sites.map(status));
  const products = told.flatMap((each) =>
    each.kind === "told" && each.product !== null ? [each.product] : [],
  );
  const different = [...new Set(products)];
  if (different.length > 1) {
    return wrong(`they run ${different.join(" and ")}`, "deploy one release to every site");
  }
  const [product] = different;
  if (product === undefined || products.length < config.sites.length) {
    return unknown(
      `${products.length} of ${config.sites.length} told`,
      "see the rows of the sites",
    );
  }
  return ok(product);
}

async function judgeConfiguration({ config, status }: Inquiry): Promise<Said> {
  const told = (await Promise.all(config.sites.map(status))).filter(isTold);
  const others = told.filter(({ policyDigest }) => policyDigest !== config.digest);
  if (others.length > 0) {
    return wrong(
      `${others.map(({ site }) => site).join(", ")} decide by another configuration than this file`,
      "deploy this file to every site, or check the one that is deployed",
    );
  }
  if (told.length < config.sites.length) {
    return unknown(`${told.length} of ${config.sites.length} told`, "see the rows of the sites");
  }
  return ok("every site decides by this file");
}

/** With a region lost its sites are silent: those that are left must be a majority of all. */
async function judgeQuorum(inquiry: Inquiry, region: string): Promise<Said> {
  const { config } = inquiry;
  const quorum = Math.floor(config.sites.length / 2) + 1;
  const left = config.sites.filter((site) => site.region !== region);
  const judged = await Promise.all(left.map((site) => judgeSite(inquiry, site)));
  const count = (state: Said["state"]): number =>
    judged.filter((said) => said.state === state).length;
  const see = `${count("ok")} of ${config.sites.length} sites would be left to see it, ${quorum} are needed`;
  if (count("ok") >= quorum)
    return ok(`${see}${sayMargin(config.sites.length, count("ok") - quorum)}`);
  const next = "bring the sites outside that region up; see their rows";
  return count("ok") + count("unknown") >= quorum ? unknown(see, next) : wrong(see, next);
}

/** How many of those that are left may be silent or blind as well before a true loss is only held. */
export function sayMargin(sites: number, spare: number): string {
  if (spare > 0) return `; ${spare} of them may be silent`;
  const even = sites % 2 === 0 ? `, and ${sites} sites bear no more silence than ${sites - 1}` : "";
  return `; with one of them silent a loss is held${even}`;
}

type Told = Extract<SiteStatus, { kind: "told" }>;

function isTold(status: SiteStatus): status is Told {
  return status.kind === "told";
}
