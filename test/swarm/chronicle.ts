import type { PostRecord, RoleRecord } from "../../simulator/azure/world/record.ts";
import { emptyRecord } from "../../simulator/azure/world/record.ts";
import type { Chronicle, Order, Rows } from "../../swarm/chronicle.ts";
import type { Move, Plan } from "../../swarm/move.ts";
import { policy } from "../support/facts.ts";

export const START = Date.UTC(2026, 0, 15, 9);
/** When the primary was lost, and for how long. */
export const lost = { at: 90_000, for: 480_000 };
const POSTED = START + 300_000;
const MOVED = START + 325_000;

export interface Change {
  readonly mode?: Plan["mode"];
  readonly moves?: readonly Move[];
  readonly posts?: readonly PostRecord[];
  readonly roles?: readonly RoleRecord["by"][];
  readonly orders?: readonly Order[];
  readonly audit?: Rows["audit"];
  readonly sent?: Chronicle["record"]["sent"];
  readonly receipts?: number;
  readonly homes?: readonly string[];
  readonly lostMs?: number;
  readonly claim?: "sent";
  /** As many as requests, unless said otherwise. */
  readonly claims?: number;
  /** It was decided to ask somebody. */
  readonly asks?: true;
  /** Whose planned failover runs beside it. */
  readonly runs?: "us" | "other";
}

const LOSS: Move = { kind: "fault", fault: { fault: "instance-down", on: "home", ...lost } };

/** The usual loss, and this beside it. */
export function addMoves(...moves: readonly Move[]): Change {
  return { moves: [LOSS, ...moves] };
}

export function aPost(change: Partial<PostRecord> = {}): PostRecord {
  return {
    at: POSTED,
    group: "orders-fog",
    side: "partner",
    kind: "forced",
    from: "neu",
    answer: "accepted",
    operationId: "1",
    ...change,
  };
}

/** Pages of one group, a minute apart. */
export function pages(count: number): Chronicle["record"]["sent"] {
  const base = { group: "orders-fog", incidentId: "i", urgent: true, text: "", data: {} };
  return Array.from({ length: count }, (_, nth) => {
    const at = START + nth * 60_000;
    return { at, site: "neu", event: { ...base, id: `i~page~${nth}`, type: "page", at } };
  });
}

export function sent(site: string): Rows["audit"][number] {
  return { at: POSTED, site, action: "post-sent", rule: "primary-lost" };
}

/** A primary that was lost for eight minutes, and failed over rightly; but for what is changed. */
export function chronicle(change: Change = {}): Chronicle {
  const { moves = [LOSS], roles = ["us"], posts = [aPost()], audit = [sent("neu")] } = change;
  const { homes = ["weu", "neu"], receipts = 1, orders = [], mode = "automatic" } = change;
  const row = (site: string): Rows => ({
    incidents: [],
    claims:
      site === "neu"
        ? [{ state: change.claim ?? "spent", owed: false, epoch: change.claims ?? posts.length }]
        : [],
    failbacks: homes.includes(site) ? [{ state: "waiting" }] : [],
    failovers: site === "neu" ? Array.from({ length: receipts }, (_, index) => `${index}`) : [],
    decided: [],
    asksDecidedAt: change.asks === true && site === "neu" ? [POSTED - 60_000] : [],
    audit: site === "neu" ? audit : [],
  });
  return {
    plan: { seed: 1, story: "loss", mode, home: "stays", moves, crossing: [] },
    policy: policy({ graceMs: 180_000, lossBudgetMs: 30_000, cooldownMs: 3_600_000 }),
    startAt: START,
    endAt: START + 900_000,
    record: {
      ...emptyRecord(),
      posts: [...posts],
      roles: [
        role("nobody", START, "start"),
        ...roles.map((by, n) => role(by, MOVED + n * 60_000)),
      ],
      sent: change.sent ?? [failedOver()],
      losses: change.lostMs === undefined ? [] : [loss(change.lostMs)],
    },
    operations: change.runs === undefined ? [] : [planned(change.runs)],
    orders,
    rows: { weu: row("weu"), neu: row("neu"), sec: row("sec") },
  };
}

function role(by: RoleRecord["by"], at: number, kind: RoleRecord["kind"] = "forced"): RoleRecord {
  return { at, group: "orders-fog", primary: kind === "start" ? "home" : "partner", by, kind };
}

function failedOver(): Chronicle["record"]["sent"][number] {
  const base = { group: "orders-fog", incidentId: "i", urgent: true, text: "", data: {} };
  return { at: MOVED, site: "neu", event: { ...base, id: "e", type: "failed-over", at: MOVED } };
}

function loss(lossMs: number): Chronicle["record"]["losses"][number] {
  const base = { group: "orders-fog", database: "orders", because: "not-replicated" } as const;
  const lastAt = START + lost.at;
  return { ...base, at: MOVED, rows: 10, firstAt: lastAt - lossMs, lastAt, lossMs };
}

function planned(by: "us" | "other"): Chronicle["operations"][number] {
  return {
    id: "1",
    group: "orders-fog",
    kind: "planned",
    target: "partner",
    by,
    who: "neu",
    startedAt: POSTED - 240_000,
    timesOutAt: POSTED + 600_000,
    remainingMs: 1_000,
    state: "running",
    endedAt: null,
    code: null,
    message: null,
  };
}
