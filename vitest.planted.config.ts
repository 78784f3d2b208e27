import { relative } from "node:path";
import { defineConfig } from "vitest/config";
import { plant } from "./test/mutation/plant.ts";
import { PLANTED } from "./test/mutation/planted-defects.ts";
import { DEFECTS } from "./test/swarm/defects.ts";

const { PLANTED: name, PLANTED_SWARM: forSwarm } = process.env;
const named = PLANTED.find((each) => each.name === name);
const hunted = DEFECTS.find((each) => each.name === forSwarm);
const places = hunted?.places ?? (named === undefined ? [] : [named]);
if (places.length === 0)
  throw new Error(`Cannot plant a defect: no such name: ${forSwarm ?? name}`);

// Runs the test that must notice one planted defect (docs/mutation.md), or the seeds of the swarm until one finds it
// (docs/swarm.md). The tree stays as it is: the defect is put into its files when they are loaded.
export default defineConfig({
  plugins: [
    {
      name: "plant",
      enforce: "pre",
      transform: (code, id) =>
        places
          .filter(({ file }) => relative(import.meta.dirname, id) === file)
          .reduce((text, place) => plant(text, { name: "planted", ...place }), code),
    },
  ],
  test: {
    include: [named?.diesBy.file ?? "test/swarm/find-defect.test.ts"],
    testTimeout: hunted === undefined ? 30_000 : 60 * 60_000,
    hookTimeout: 30_000,
  },
});
