import type { KeyPathState } from "../../shared/domain/facts.ts";
import { type Instance, otherSide } from "../../shared/domain/group.ts";
import type { KeyAnswer, KeyCheck } from "../../shared/ports/key-path.ts";
import { nobodyKnowsPrimary } from "./check-roles.ts";
import { judgeSameKey } from "./check-same-key.ts";
import { ok, type Question, type Said, unknown, wrong } from "./finding.ts";
import type { Inquiry } from "./inquiry.ts";
import { howToRead, sayAge } from "./wording.ts";

const POLL_MS = 2_000;
const NEXT = "run it with --key-check: the instance then tests its key, which changes nothing";

/** Whether the secondary reaches its key: its own word, as the sites last had it or as it says now. */
export function checkKey(inquiry: Inquiry): readonly Question[] {
  return [
    {
      check: "key path",
      subject: "secondary",
      // An instance takes its time to try a key.
      withinMs: 29_000,
      ask: () => judgeKey(inquiry),
    },
    {
      check: "key path",
      subject: "same key",
      ask: () => judgeSameKey(inquiry),
    },
    {
      check: "key path",
      subject: "databases open",
      ask: () => judgeInaccessible(inquiry),
    },
  ];
}

async function judgeKey(inquiry: Inquiry): Promise<Said> {
  const primary = await inquiry.primary();
  if (primary === null) return nobodyKnowsPrimary();
  const secondary = inquiry.group[otherSide(primary)];
  if (inquiry.options.keyCheck) return sayAnswer(await askInstance(inquiry, secondary));

  const protector = await inquiry.reads.keys.protector(secondary);
  if (protector.kind === "service-managed") return ok("service-managed keys need no vault");
  const proofs = await proofsOf(inquiry);
  const denied = proofs.find(({ state }) => state.kind === "denied");
  if (denied?.state.kind === "denied") {
    return wrong(
      `${secondary.name} was denied its key: ${denied.state.code} (told by site ${denied.site})`,
      "give the instance's identity Get, Wrap and Unwrap on the key; see docs/azure-errors.md",
    );
  }
  if (protector.kind === "unknown") {
    return unknown(`the key in use could not be read: ${protector.because}`, howToRead(protector));
  }
  const proven = proofs.find(({ state }) => state.kind === "proven");
  if (proven?.state.kind === "proven") {
    const age = sayAge(proven.state.ageMs);
    return ok(`${secondary.name} used its key ${age} ago (told by site ${proven.site})`);
  }
  return unknown("no site has a fresh proof", NEXT);
}

async function proofsOf({
  options,
  status,
}: Inquiry): Promise<readonly { readonly site: string; readonly state: KeyPathState }[]> {
  const told = await Promise.all(options.sites.map(status));
  return told.flatMap((site) =>
    site.kind === "told" && site.group.keyPath.kind === "read"
      ? [{ site: site.site, state: site.group.keyPath.value }]
      : [],
  );
}

/** Starts the instance's own check and follows it to its end; the deadline of the question ends it otherwise. */
async function askInstance({ reads }: Inquiry, instance: Instance): Promise<KeyAnswer> {
  let check: KeyCheck = await reads.keyPath.start(instance);
  while (check.kind === "running") {
    const { ticket } = check;
    await reads.clock.sleep(POLL_MS);
    check = await reads.keyPath.poll(instance, ticket);
  }
  return check.kind === "answered"
    ? check.answer
    : { kind: "unknown", reason: "no-answer", because: check.because };
}

function sayAnswer(answer: KeyAnswer): Said {
  switch (answer.kind) {
    case "not-needed":
      return ok("service-managed keys need no vault");
    case "proven":
      return ok("the instance has just used its key");
    case "denied":
      return wrong(
        `the instance was denied its key: ${answer.code}`,
        "give the instance's identity Get, Wrap and Unwrap on the key; see docs/azure-errors.md",
      );
    case "unknown":
      return unknown(`the instance does not say: ${answer.because}`, howToRead(answer));
    default:
      return answer satisfies never;
  }
}

async function judgeInaccessible({ reads, group }: Inquiry): Promise<Said> {
  const readings = await Promise.all(
    [group.home, group.partner].map((side) => reads.instances.inaccessibleDatabases(side)),
  );
  const closed = readings.flatMap((reading) => (reading.kind === "read" ? reading.databases : []));
  const [first] = closed;
  if (first !== undefined) {
    return wrong(
      `${closed.length} do not open, ${first.name} among them (${first.reason})`,
      "see the instance's list of inaccessible databases in the portal",
    );
  }
  const silent = readings.find((reading) => reading.kind === "unknown");
  if (silent?.kind === "unknown") {
    return unknown(`Resource Manager does not say: ${silent.because}`, howToRead(silent));
  }
  return ok("every database opens, on both instances");
}
