// npm run sim: the swarm. `npm run sim -- --help` lists the flags.

import { simulateSeeds } from "./sim.ts";

// Whoever reads through a pipe may stop reading.
process.stdout.on("error", () => process.exit());

process.exitCode = await simulateSeeds(process.argv.slice(2), {
  write: (line) => {
    process.stdout.write(`${line}\n`);
  },
  aside: process.stderr,
  complain: (line) => {
    process.stderr.write(`${line}\n`);
  },
});
