import { defineConfig } from "vitest/config";

/** These put stand-ins under Azure's own packages, or change the process or its environment: each file needs its own. */
const ALONE = [
  "packages/functions-host/conformance/**/*.test.ts",
  "packages/functions-host/test/**/*.test.ts",
  "test/build/**/*.test.ts",
  "test/azure/every-expression.test.ts",
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
          // Each file has its own modules: sharing them saves a minute, and lets what one file leaves behind
          // (a credential that was refused, a module that was loaded twice) fail another.
          isolate: true,
        },
      },
    ],
  },
});
