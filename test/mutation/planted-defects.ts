/** A defect that once passed every test: where it goes, and the test that notices it now (docs/mutation.md). */
export interface PlantedDefect {
  /** What goes wrong. */
  readonly name: string;
  readonly file: string;
  /** Stands at exactly one place of the file. */
  readonly text: string;
  readonly instead: string;
  readonly diesBy: { readonly file: string; readonly test: string };
}

const ACTIVITIES = "functions/activities";

export const PLANTED: readonly PlantedDefect[] = [
  {
    name: "roles are not read again right before the request",
    file: `${ACTIVITIES}/post-failover.ts`,
    text: "const roles = await rolesInTheWay(app, held);",
    instead: "const roles = null as string | null;",
    diesBy: {
      file: `test/${ACTIVITIES}/post-failover.test.ts`,
      test: "somebody else has moved the roles since the decision: sends nothing, and the claim is spent",
    },
  },
  {
    name: "another site's claim that was not sent yet is spent at once",
    file: `${ACTIVITIES}/poll-operation.ts`,
    text: "if (!mine && waitedMs >= 0 && waitedMs < ABANDONED_MS) {",
    instead: "if (mine && waitedMs >= 0 && waitedMs < ABANDONED_MS) {",
    diesBy: {
      file: `test/${ACTIVITIES}/poll-operation.test.ts`,
      test: "claimed by a site that has fallen silent: left to it for a minute, then spent",
    },
  },
  {
    name: "the instant of the last role change is not set after our own move",
    file: `${ACTIVITIES}/poll-operation.ts`,
    text: "const kept = await keepRoleChange(view, { primary: target, at });",
    instead: "const kept = at > 0 && target !== null;",
    diesBy: {
      file: `test/${ACTIVITIES}/poll-operation.test.ts`,
      test: "after the roles moved: this site knows the new primary, and since when, without a look",
    },
  },
  {
    name: "verification accepts one database that takes writes",
    file: `${ACTIVITIES}/verify.ts`,
    text: "const proven = waiting.length === 0 && reading.databases.length > 0;",
    instead: "const proven = waiting.length < reading.databases.length;",
    diesBy: {
      file: `test/${ACTIVITIES}/verify.test.ts`,
      test: "one database of two takes writes: not verified, and the audit names the other",
    },
  },
  {
    name: "verification ignores the listener",
    file: `${ACTIVITIES}/verify.ts`,
    text: 'step.step === "old-primary" ||',
    instead: 'step.step === "old-primary" || step.step === "listener" ||',
    diesBy: {
      file: `test/${ACTIVITIES}/verify.test.ts`,
      test: "the listener still leads to the old primary: not verified until it has moved",
    },
  },
  {
    name: "the way home is written to one store only",
    file: `${ACTIVITIES}/record.ts`,
    text: "await writeToBooks(others, (other) => scheduleFailback(other, failback));",
    instead: "await writeToBooks(others.slice(1), (other) => scheduleFailback(other, failback));",
    diesBy: {
      file: `test/${ACTIVITIES}/record.test.ts`,
      test: "a failover while both stores answer: the way home stands in both",
    },
  },
  {
    name: "nobody is paged while the old primary takes writes",
    file: "functions/keeping/watch-protection.ts",
    text: "if (takesWrites) {",
    instead: "if (takesWrites && readOnly) {",
    diesBy: {
      file: "test/functions/keeping/watch-protection.test.ts",
      test: "the old primary still takes writes: a page at once, and again for every hour it lasts",
    },
  },
];
