import { defineConfig } from "vitest/config";

/** These put stand-ins under Azure's own packages, or change the process or its environment: each file needs its own. */
const ALONE = [
  "packages/functions-host/conformance/**/*.test.ts",
  "packages/functions-host/test/**/*.test.ts",
  "test/build/**/*.test.ts",
  "test/azure/every-expression.test.ts",
  // The SDK's first transport for tokens is that of every file to come.
  "test/azure/identity-answer.test.ts",
  "test/azure/poll-url.test.ts",
  "test/azure/slow-address.test.ts",
];

export default defineConfig({
  test: {
    // Left alone, a machine of two cores gets one worker.
    maxWorkers: "100%",
    // No test waits on purpose; a slow or busy machine may still take its time.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      { extends: true, test: { name: "alone", include: ALONE } },
      {
        extends: true,
        test: {
          name: "together",
          include: ["test/**/*.test.ts"],
          exclude: ALONE,
          // Files share what they import: loading it anew for each costs as much as running them.
          isolate: false,
        },
      },
    ],
  },
});
