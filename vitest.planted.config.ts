import { relative } from "node:path";
import { defineConfig } from "vitest/config";
import { plant } from "./test/mutation/plant.ts";
import { PLANTED } from "./test/mutation/planted-defects.ts";

const defect = PLANTED.find(({ name }) => name === process.env.PLANTED);
if (defect === undefined)
  throw new Error(`Cannot plant a defect: no such name: ${process.env.PLANTED}`);

// Runs the test that must notice one planted defect (docs/mutation.md). The tree stays as it is: the
// defect is put into the file when it is loaded.
export default defineConfig({
  plugins: [
    {
      name: "plant",
      enforce: "pre",
      transform: (code, id) =>
        relative(import.meta.dirname, id) === defect.file ? plant(code, defect) : null,
    },
  ],
  test: { include: [defect.diesBy.file], testTimeout: 30_000, hookTimeout: 30_000 },
});
