import { defineConfig } from "vitest/config";

/** These put stand-ins under Azure's own packages, or change the process or its environment: each file needs its own. */
const ALONE = [
  "test/azure/every-expression.test.ts",
  // The SDK's first transport for tokens is that of every file to come.
  "test/azure/identity-answer.test.ts",
  "test/azure/poll-url.test.ts",
  "test/azure/slow-address.test.ts",
];

/** Whole incidents by the dozen, told as signals. */
const CATALOGUE = [
  "test/judge/catalogue.test.ts",
  "test/judge/metamorphic.test.ts",
  "test/judge/what-comes-of-it.test.ts",
];

/** Incidents that take long to live through, and sixty at once. */
const UNHURRIED = [
  "test/incidents/a-request-without-an-answer.test.ts",
  "test/incidents/azure-never-lets-it-end.test.ts",
  "test/incidents/bad-luck-with-azure.test.ts",
  "test/incidents/lost-together.test.ts",
  "test/incidents/receipts.test.ts",
];

export default defineConfig({
  test: {
    // Left alone, a machine of two cores gets one worker.
    maxWorkers: "100%",
    // Whole incidents make much that is soon forgotten: with room for it, a tenth of the time is not spent on collecting.
    execArgv: ["--max-semi-space-size=64"],
    // No test waits on purpose; a slow or busy machine may still take its time.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      { extends: true, test: { name: "alone", include: ALONE } },
      // What deploys, built and started in processes of its own: `npm run test:build`, part of `npm run ok` and not of `npm test`.
      { extends: true, test: { name: "build", include: ["test/build/**/*.test.ts"] } },
      // `npm run catalogue`, likewise.
      { extends: true, test: { name: "catalogue", include: CATALOGUE } },
      // In `npm run test:apart`, as all that is no part of `npm test`.
      { extends: true, test: { name: "unhurried", include: UNHURRIED, isolate: false } },
      // A package with a suite of its own: `npm run test:host`, likewise.
      {
        extends: true,
        test: { name: "functions-host", include: ["packages/functions-host/**/*.test.ts"] },
      },
      {
        extends: true,
        test: {
          name: "together",
          include: ["test/**/*.test.ts"],
          exclude: [...ALONE, ...CATALOGUE, ...UNHURRIED, "test/build/**/*.test.ts"],
          // Files share what they import: loading it anew for each costs as much as running them.
          isolate: false,
        },
      },
    ],
  },
});
