import { defineConfig } from "vitest/config";
import { findArea } from "./test/mutation/areas.ts";
import { HANGS_MS, takeWorker } from "./test/mutation/keep-worker.ts";

const { tests, leftOut } = findArea(process.env.MUTATED_AREA);

// The mutation run has a configuration of its own: one project, and the quick tests of the area that is
// mutated, all of them in one worker that is kept (docs/mutation.md).
export default defineConfig({
  plugins: [
    {
      name: "keep-worker",
      configureVitest: ({ project }) => {
        project.config.pool = "kept";
        project.config.poolRunner = { name: "kept", createPoolWorker: takeWorker };
      },
    },
  ],
  test: {
    include: [...tests],
    exclude: [...leftOut],
    setupFiles: ["test/mutation/set-up.ts"],
    isolate: false,
    maxWorkers: 1,
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
  },
});
