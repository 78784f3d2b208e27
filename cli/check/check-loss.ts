import { otherSide } from "../../shared/domain/group.ts";
import type { Sample } from "../../shared/domain/loss.ts";
import { boundLoss } from "../../shared/policy/evidence/bound-loss.ts";
import { ok, type Question, type Said, unknown, wrong } from "./finding.ts";
import type { Inquiry } from "./inquiry.ts";
import { sayAge } from "./wording.ts";

/** The newest sample of each site outside the primary's region, and what losing the primary now would cost. */
export function checkLoss(inquiry: Inquiry): readonly Question[] {
  return [
    { check: "sample", subject: "newest", ask: () => judgeSample(inquiry) },
    { check: "loss", subject: "were it lost now", ask: () => judgeLoss(inquiry) },
  ];
}

async function judgeSample(inquiry: Inquiry): Promise<Said> {
  const { samples, site } = await newestSamples(inquiry);
  if (samples.length === 0 || site === null) return noSample();
  const ageMs = Math.max(...samples.map((sample) => sample.ageMs));
  const lags = samples.map(({ lagSeconds }) => lagSeconds);
  const databases = samples.length === 1 ? "1 database" : `${samples.length} databases`;
  const says = `${sayAge(ageMs)} old, of ${databases}, by site ${site}`;
  if (lags.some((lag) => lag === null)) {
    return unknown(`${says}; not every database told its lag`, grant());
  }
  if (ageMs > 4 * inquiry.config.tickMs) {
    return wrong(says, "see why the site takes none: its ticks, its right VIEW DATABASE STATE");
  }
  return ok(`${says}; lag ${Math.max(...lags.map((lag) => lag ?? 0))} s at most`);
}

async function judgeLoss(inquiry: Inquiry): Promise<Said> {
  const { samples } = await newestSamples(inquiry);
  if (samples.length === 0) return noSample();
  const now = inquiry.reads.clock.now();
  const measured = samples.map(
    ({ ageMs, ...rest }): Sample => ({ ...rest, measuredAt: now - ageMs }),
  );
  const bound = boundLoss({
    onsetAt: now,
    samples: measured,
    secondaryCommits: [],
    canaryDatabase: null,
  });
  const { lossBudgetMs } = inquiry.group.policy;
  if (bound.kind === "unknown") {
    return unknown(`no bound can be given: ${bound.because} (${bound.database})`, grant());
  }
  const says = `at most ${sayAge(bound.atMostMs)} of ${bound.database}; the budget is ${sayAge(lossBudgetMs)}`;
  if (bound.atMostMs <= lossBudgetMs) return ok(says);
  return wrong(
    `${says}: a forced failover would ask first`,
    "find out why the secondary lags, or accept more: lossBudget",
  );
}

interface Newest {
  readonly site: string | null;
  readonly samples: readonly (Omit<Sample, "measuredAt"> & { readonly ageMs: number })[];
}

/** Of the site that took its samples last. One inside the primary's region may be lost with it. */
async function newestSamples(inquiry: Inquiry): Promise<Newest> {
  const primary = await inquiry.primary();
  const region = primary === null ? null : inquiry.group[primary].region;
  const outside = inquiry.options.sites.filter((site) => site.region !== region);
  const target = primary === null ? null : inquiry.group[otherSide(primary)].region;
  // The site that would act comes first: it is its evidence that counts.
  const ordered = outside.toSorted(
    (a, b) => Number(b.region === target) - Number(a.region === target),
  );
  for (const site of ordered) {
    const status = await inquiry.status(site);
    if (status.kind !== "told" || status.group.samples.kind === "unknown") continue;
    const samples = status.group.samples.value;
    if (samples.length > 0) return { site: site.name, samples };
  }
  return { site: null, samples: [] };
}

function noSample(): Said {
  return unknown("no site outside the primary's region tells of a sample", grant());
}

function grant(): string {
  return "grant VIEW DATABASE STATE to the sites in every database: infra/sql/site-users.sql";
}
