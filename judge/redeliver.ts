import { createPostFailover } from "../functions/activities/post-failover.ts";
import type { Claim } from "../shared/domain/claim.ts";
import { otherSide, type Side } from "../shared/domain/group.ts";
import { CLAIM } from "../shared/ledger/claims.ts";
import { openIncidentIn } from "../shared/ledger/incidents.ts";
import { readLive } from "../shared/ledger/live-rows.ts";
import { changeRow } from "../shared/ledger/rows.ts";
import { GROUP } from "./judged-config.ts";
import type { JudgedSites } from "./judged-sites.ts";
import type { JudgedWorld } from "./judged-world.ts";

const NEWEST = "newest";
/** The claim is from before: its request has left, and its time is up. */
const SENT_BEFORE_MS = 60_000;
const GOOD_FOR_MS = 30_000;

/** Hands the activity that sends a request to a worker once more, as a queue may at any time. */
export async function redeliver(
  world: JudgedWorld,
  sites: JudgedSites,
  epoch: number,
): Promise<void> {
  const atMs = world.now();
  const app = sites.app("B");
  const [group] = app.config.groups;
  if (group === undefined) return;
  const expectedPrimary = sideLeftBy(world, epoch);
  const book = app.stores.of(group).target(expectedPrimary);
  const open = openIncidentIn(await readLive(book));
  const incidentId = open?.id ?? `${group.name}-before-${epoch}`;
  const at = app.ports.clock.now() - SENT_BEFORE_MS;
  await changeRow({ book, type: CLAIM, id: NEWEST }, (claim) =>
    // A newer claim has taken its place already, or it is there as it was left.
    claim !== null && claim.epoch >= epoch
      ? null
      : sentClaim({ epoch, incidentId, expectedPrimary, holder: app.config.self.name, at }),
  );
  const work = { group: group.name, purpose: "fail-over" as const, incidentId };
  const outcome = await createPostFailover(app)({ ...work, motor: open?.motor ?? 1, epoch });
  const because = outcome.kind === "not-sent" ? `: ${outcome.because}` : "";
  world.trace.redeliveries.push({ atMs, epoch, outcome: `${outcome.kind}${because}` });
}

/** Whom the request of that epoch was to replace: by what the log says of it, else A. */
function sideLeftBy({ timeline }: JudgedWorld, epoch: number): Side {
  const entry = timeline.activity_log.steps.find(({ value }) =>
    new RegExp(`^orchestrator\\((epoch)?${epoch}\\)$`).test(value.by),
  );
  return entry?.value.what === "failback" ? "partner" : "home";
}

function sentClaim(
  of: Pick<Claim, "epoch" | "incidentId" | "expectedPrimary" | "holder"> & { readonly at: number },
): Claim {
  const { epoch, incidentId, expectedPrimary, holder, at } = of;
  return {
    group: GROUP,
    epoch,
    incidentId,
    decisionId: `${incidentId}-decision`,
    rule: "none",
    actor: "geo-failover",
    kind: "forced",
    expectedPrimary,
    target: otherSide(expectedPrimary),
    holder,
    notAfter: at + GOOD_FOR_MS,
    state: "sent",
    takenAt: at,
    sentAt: at,
    acceptedAt: null,
    spentAt: null,
    spentBecause: null,
    code: null,
    retryNotBefore: null,
    ticket: null,
    quietSinceAt: null,
    quietBy: null,
    doubt: null,
    renewals: 0,
    announcedAt: null,
    refusals: 0,
    owed: false,
  };
}
