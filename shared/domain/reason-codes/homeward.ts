import type { ReasonRow } from "./reason-row.ts";

/** What the way home waits for. */
export const HOMEWARD_REASONS: readonly ReasonRow[] = [
  {
    code: "at-home",
    means: "the group is at home",
    values: {},
    next: "nothing",
  },
  {
    code: "planned-only",
    means: "going home never forces, whoever asks",
    values: {},
    next: "call again with kind planned",
  },
  {
    code: "failback-mode",
    means: "the mode of failback decides",
    values: { mode: "off, approve or automatic", group: "the group's own mode" },
    next: "approve the ask; where failback is off, call POST /api/failback",
  },
  {
    code: "databases",
    means: "databases that a majority finds lost at the present primary",
    values: { lost: "how many" },
    next: "see to the present primary first",
  },
  {
    code: "home-healthy",
    means: "the home side is not healthy and protected",
    values: {},
    next: "see whether the home instance answers and the group replicates to it again",
  },
  {
    code: "soak",
    means: "for how long home has been healthy, and for how long it must be",
    values: { healthyMs: "healthy and protected for this long", neededMs: "the soak" },
    next: "wait, or call POST /api/failback",
  },
  {
    code: "window",
    means: "the failback window is closed",
    values: { opensAt: "when it opens next; null: never" },
    next: "wait for the window, or call POST /api/failback",
  },
  {
    code: "lag",
    means: "the home side lags too much for a planned failover, or nobody knows how much",
    values: { lagSeconds: "replication lag; null: unknown", budgetMs: "the loss budget" },
    next: "wait until it has caught up: a planned failover would wait for it with writes stopped",
  },
];
