import type { Decision, GuardFinding, Reason } from "../../shared/domain/decision.ts";
import { otherSide, type Side, type Site } from "../../shared/domain/group.ts";
import type { GuardId } from "../../shared/domain/guard.ts";
import { reasonRow } from "../../shared/domain/reason-codes.ts";
import { sayReason } from "../say-reason.ts";
import { decideFromHere } from "./decide-from-here.ts";
import type { Finding, Said } from "./finding.ts";
import { ok, unknown, wrong } from "./finding.ts";
import type { Inquiry } from "./inquiry.ts";
import { askSite, type SiteStatus } from "./site-status.ts";

const LIVE_MS = 20_000;

/** Closed while the primary lives, as they should be. */
const CLOSED_IN_PEACE: ReadonlySet<GuardId> = new Set(["sign-of-life", "no-majority"]);

/**
 * What an open guard is about, as it was read here. A guard that nobody answered may stay open, so
 * that a silent Resource Manager holds no failover; here silence is not to look like an answer. Null
 * for what no row of this command reads.
 */
const READ_HERE: Readonly<Record<GuardId, ((secondary: Side) => string) | null>> = {
  // The secondary's region is the authority.
  seeding: (secondary) => `replication ${secondary}`,
  moving: (secondary) => `replication ${secondary}`,
  "replication-unclear": (secondary) => `replication ${secondary}`,
  "microsoft-managed": (secondary) => `policy ${secondary}`,
  "secondary-not-ready": (secondary) => `instance ${secondary}`,
  "operation-in-progress": () => "instance secondary at rest",
  "secondary-unfit": () => "instance both alike",
  "key-denied": () => "key path secondary",
  quorum: null,
  "fresh-evidence": null,
  "claim-open": null,
  "claim-store": null,
  "no-token": null,
  "roles-known": null,
  "secondary-silent": null,
  paused: null,
  frozen: null,
  "sign-of-life": null,
  "no-majority": null,
  "capacity-at-target": null,
  "key-unknown": null,
  "loss-unknown": null,
  "loss-over-budget": null,
  cooldown: null,
  unprotected: null,
  "changed-by-person": null,
  "operation-on-primary": null,
  "target-in-undo": null,
  denied: null,
};

/** Closed for want of an answer. */
const CLOSED_BY_SILENCE: ReadonlySet<GuardId> = new Set([
  "fresh-evidence",
  "claim-store",
  "roles-known",
  "key-unknown",
  "loss-unknown",
]);

/** Who decided, and what; null where nobody could. */
export interface Told {
  readonly by: string;
  readonly decision: Decision;
  /** False where no site answered and this machine put its own reading to the rules. */
  readonly running: boolean;
}

/** What would be decided now: by a running site, else by the same rules from what can be read here. */
export async function decisionNow(inquiry: Inquiry): Promise<Told | null> {
  for (const site of await inOrder(inquiry)) {
    const { reads, group } = inquiry;
    const question = { group: group.name, live: true, timeoutMs: LIVE_MS };
    const status = await askSite(reads, site, question);
    const decision = decisionIn(status);
    if (decision !== null) return { by: `site ${site.name}`, decision, running: true };
  }
  const decision = await decideFromHere(inquiry);
  return decision === null ? null : { by: "this machine", decision, running: false };
}

/** The decision with each of its guards, one row each. */
export function sayDecision(told: Told | null): readonly Finding[] {
  if (told === null) {
    const said = unknown("nobody could decide", "see the rows of the sites");
    return [{ check: "decision", subject: "now", ...said }];
  }
  const { decision } = told;
  return [
    { check: "decision", subject: "now", ...sayVerdict(told) },
    ...decision.guards.map((guard) => ({
      check: "guard",
      subject: guard.guard,
      ...sayGuard(guard, decision, told.running),
    })),
  ];
}

function sayVerdict({ by, decision, running }: Told): Said {
  const { verdict, rule, diagnosis, because } = decision;
  const says = `${by} would ${verdict} (${rule}), diagnosis ${diagnosis}${sayReasons(because)}`;
  if (!running) {
    return unknown(
      `no site told its decision; ${says}, by what can be read from here`,
      "make a site answer: only a site decides",
    );
  }
  if (verdict === "hold" && diagnosis === "none") return ok(says);
  if (verdict === "hold" && diagnosis === "unclear") {
    return unknown(says, "the site sees too little to tell: see the rows above");
  }
  return wrong(says, "GET status of a site tells what goes on");
}

function sayGuard(
  { guard, state, because }: GuardFinding,
  { diagnosis }: Decision,
  running: boolean,
): Said {
  const why = because === null ? "" : `: ${sayReason(because)}`;
  if (!running) {
    return unknown(`${state}${why}, as far as can be seen from here`, "make a site answer");
  }
  switch (state) {
    case "open":
      return ok("open");
    case "lifted":
      return wrong(`lifted by a person${why}`, "let that approval end");
    case "closed":
      if (diagnosis === "none" && CLOSED_IN_PEACE.has(guard)) {
        return ok("closed, as it should be while the primary lives");
      }
      if (diagnosis === "unclear" && CLOSED_IN_PEACE.has(guard)) {
        return unknown(`closed${why}`, "the site sees too little to tell: see the rows above");
      }
      if (diagnosis === "none" && because?.values.why === "no-onset") {
        return ok(
          "closed until an outage begins: the loss is counted from there; see the row loss",
        );
      }
      return CLOSED_BY_SILENCE.has(guard)
        ? unknown(`closed${why}`, nextOf(because))
        : wrong(`closed${why}`, nextOf(because));
    default:
      return state satisfies never;
  }
}

/** An open guard is not `ok` where what it is about could not be read here. */
export function temper(findings: readonly Finding[], primary: Side | null): readonly Finding[] {
  return findings.map((finding) => {
    const about = Object.entries(READ_HERE).find(([guard]) => guard === finding.subject)?.[1];
    if (finding.check !== "guard" || finding.state !== "ok" || !about) return finding;
    const name = primary === null ? "roles" : about(otherSide(primary));
    const row = findings.find(({ check, subject }) => `${check} ${subject}`.startsWith(name));
    if (row !== undefined && row.state !== "unknown") return finding;
    const said = unknown(`${finding.says}, for want of an answer`, `see the row: ${name}`);
    return { ...finding, ...said };
  });
}

function nextOf(because: Reason | null): string {
  const row = because === null ? null : reasonRow(because.code);
  return row?.next ?? "see docs/rules.md";
}

function sayReasons(reasons: readonly Reason[]): string {
  return reasons.length === 0 ? "" : `; ${reasons.map(sayReason).join("; ")}`;
}

/** The sites that answered just now, that of the secondary's region first: it would act. */
async function inOrder(inquiry: Inquiry): Promise<readonly Site[]> {
  const primary = await inquiry.primary();
  const regions = primary === null ? [] : [otherSide(primary), primary];
  const [target, lost] = regions.map((side) => inquiry.group[side].region);
  const placeOf = ({ region }: Site): number => (region === target ? 0 : region === lost ? 2 : 1);
  const told = await Promise.all(
    inquiry.options.sites.map(async (site) => ({ site, status: await inquiry.status(site) })),
  );
  return told
    .filter(({ status }) => status.kind === "told")
    .map(({ site }) => site)
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .slice(0, 1);
}

function decisionIn(status: SiteStatus): Decision | null {
  if (status.kind !== "told" || status.group.live.kind === "unknown") return null;
  return status.group.live.value;
}
