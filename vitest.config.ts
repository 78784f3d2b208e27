import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Files share what they import: loading it anew for each cost as much as running them.
    isolate: false,
    // Left alone, a machine of two cores gets one worker.
    maxWorkers: "100%",
    // No test waits on purpose; a slow or busy machine may still take its time.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
