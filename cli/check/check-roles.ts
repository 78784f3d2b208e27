import type { SecondaryState } from "../../shared/domain/facts.ts";
import { type Group, otherSide, type Side } from "../../shared/domain/group.ts";
import { compareFitness } from "../../shared/policy/evidence/compare-fitness.ts";
import type { GroupReading } from "../../shared/ports/failover-groups.ts";
import { ok, type Question, type Said, unknown, worstOf, wrong } from "./finding.ts";
import { type Inquiry, SIDES } from "./inquiry.ts";
import { howToRead, subjectOf } from "./wording.ts";

/** Roles and failover policy, as each of the two regions shows them, and the two against each other. */
export function checkRoles(inquiry: Inquiry): readonly Question[] {
  const { group, roles } = inquiry;
  const of = (check: string, side: Side, judge: (reading: Read) => Said): Question => ({
    check,
    subject: subjectOf(group, side),
    ask: async () => judged(group, side, await roles(side), judge),
  });
  return [
    ...SIDES.map((side) => of("roles", side, (reading) => judgePair(group, reading))),
    {
      check: "roles",
      subject: "both agree",
      ask: async () => judgeBoth(group, await roles("home"), await roles("partner")),
    },
    ...SIDES.map((side) => of("policy", side, judgePolicy)),
    ...SIDES.map((side) => of("replication", side, judgeReplication)),
    ...SIDES.map((side) => ({
      check: "instance",
      subject: subjectOf(group, side),
      ask: () => judgeInstance(inquiry, side),
    })),
    { check: "instance", subject: "both alike", ask: () => judgeFitness(inquiry) },
    {
      check: "instance",
      subject: "secondary at rest",
      ask: () => judgeOperation(inquiry),
    },
  ];
}

type Read = Extract<GroupReading, { kind: "read" }>;

function judged(
  group: Group,
  side: Side,
  reading: GroupReading,
  judge: (reading: Read) => Said,
): Said {
  switch (reading.kind) {
    case "read":
      return judge(reading);
    case "not-found":
      return wrong(
        `there is no failover group ${group.name} in ${group[side].region} (${reading.code})`,
        `compare the group's name, and ${side}.instance and ${side}.region, with the portal`,
      );
    case "unknown":
      return unknown(`Resource Manager does not say: ${reading.because}`, howToRead(reading));
    default:
      return reading satisfies never;
  }
}

function judgePair(group: Group, { role, primaryInstanceId, partnerInstanceId }: Read): Said {
  if (role === "unknown") return unknown("it tells no role", "look at the group in the portal");
  const ids = [primaryInstanceId, partnerInstanceId];
  if (primaryInstanceId === null || partnerInstanceId === null) {
    return unknown(
      `${role}, but it does not tell its instances`,
      "look at the group in the portal",
    );
  }
  const wanted = [group.home.id, group.partner.id].map((id) => id.toLowerCase()).sort();
  const found = ids.map((id) => (id ?? "").toLowerCase()).sort();
  if (found.join() === wanted.join()) return ok(role);
  return wrong(
    `pairs ${ids.map(nameOf).join(" and ")}, not the two instances of the configuration`,
    "correct home.instance and partner.instance",
  );
}

function judgeBoth(group: Group, home: GroupReading, partner: GroupReading): Said {
  if (home.kind !== "read" || partner.kind !== "read") {
    return unknown("only one region was read, or none", "see the rows of the two sides");
  }
  if (home.role === "unknown" || partner.role === "unknown") {
    return unknown("a region tells no role", "look at the group in the portal");
  }
  if (home.role === partner.role) {
    return wrong(
      `both say that they are ${home.role}`,
      "wait for a failover that runs to end; if none does, call support before anything else",
    );
  }
  const primary = home.role === "primary" ? "home" : "partner";
  const away = primary === "home" ? "" : ", away from home";
  return ok(`${group[primary].name} is primary${away}`);
}

function judgePolicy({ failoverPolicy }: Read): Said {
  switch (failoverPolicy) {
    case "manual":
      return ok("customer-managed");
    case "automatic":
      return wrong(
        "Microsoft-managed: Azure may fail over on its own, and this app then holds",
        "set the read-write failover policy of the group to Manual (customer-managed)",
      );
    case "unknown":
      return unknown("it tells no policy", "look at the group in the portal");
    default:
      return failoverPolicy satisfies never;
  }
}

function judgeReplication({ replication: { kind, said } }: Read): Said {
  switch (kind) {
    case "following":
      return ok(said);
    case "seeding":
    case "moving":
      return wrong(`${said}: no failover is possible until it ends`, "wait, then check again");
    case "suspended":
      return wrong(
        `${said}: nothing is copied, every minute adds to what a failover loses`,
        "find out why: network between the instances, keys, storage",
      );
    case "pending":
    case "other":
      return unknown(`in state ${said}`, "wait, then check again");
    default:
      return kind satisfies never;
  }
}

async function judgeInstance({ instance, group }: Inquiry, side: Side): Promise<Said> {
  const reading = await instance(side);
  if (reading.kind === "unknown") {
    return unknown(`Resource Manager does not say: ${reading.because}`, howToRead(reading));
  }
  const { region, fqdn } = group[side];
  const zone = fqdn.split(".")[1] ?? "";
  return worstOf([
    matches(`${side}.region`, region, reading.region),
    matches(`${side}.fqdn`, fqdn, reading.fqdn),
    matches(`the DNS zone in ${side}.fqdn`, zone, reading.dnsZone),
    judgeState(reading.state),
  ]);
}

function matches(what: string, configured: string, real: string | null): Said {
  if (real === null) {
    return unknown(`Azure does not tell ${what}`, "look at the instance in the portal");
  }
  if (real.toLowerCase() === configured.toLowerCase()) return ok("as configured");
  return wrong(`${what} is ${configured}, Azure says ${real}`, `write ${real} for ${what}`);
}

function judgeState({ kind, said }: SecondaryState["state"]): Said {
  switch (kind) {
    case "ready":
      return ok(said);
    case "not-ready":
      return wrong(`it is ${said}`, "wait until it is Ready, or start it");
    case "unknown":
      return unknown("no state is told", "look at the instance in the portal");
    default:
      return kind satisfies never;
  }
}

async function judgeFitness(inquiry: Inquiry): Promise<Said> {
  const primary = await inquiry.primary();
  if (primary === null) return nobodyKnowsPrimary();
  const [first, second] = await Promise.all([
    inquiry.instance(primary),
    inquiry.instance(otherSide(primary)),
  ]);
  if (first.kind === "unknown" || second.kind === "unknown") {
    return unknown("only one instance was read, or none", "see the rows of the two sides");
  }
  // What a side does not say counts for nobody in a decision; here it is not known.
  const silent = [first, second].some(
    ({ tier, vCores, storageGb }) => tier === "unknown" || vCores === null || storageGb === null,
  );
  const fitness = compareFitness(first, second);
  if (fitness.kind === "unfit") {
    return wrong(
      `the secondary cannot carry the primary's load: ${fitness.because}`,
      "give the secondary the primary's tier, vCores, storage and update policy",
    );
  }
  if (silent || fitness.kind === "unknown") {
    return unknown("Azure does not tell every size", "compare the two instances in the portal");
  }
  return ok(`${second.tier}, ${second.vCores} vCores, ${second.storageGb} GB on the secondary`);
}

async function judgeOperation(inquiry: Inquiry): Promise<Said> {
  const primary = await inquiry.primary();
  if (primary === null) return nobodyKnowsPrimary();
  const { reads, group } = inquiry;
  const reading = await reads.instances.runningOperation(group[otherSide(primary)]);
  switch (reading.kind) {
    case "none":
      return ok("no operation runs");
    case "running":
      return wrong(
        `${reading.said} runs: no failover is possible until it ends`,
        "wait for its end",
      );
    case "unknown":
      return unknown(`Resource Manager does not say: ${reading.because}`, howToRead(reading));
    default:
      return reading satisfies never;
  }
}

/** What needs the secondary cannot be checked where nobody says which one that is. */
export function nobodyKnowsPrimary(): Said {
  return unknown("nobody says who is primary", "see the rows about roles");
}

function nameOf(id: string | null): string {
  return id?.split("/").at(-1) ?? "an unknown instance";
}
