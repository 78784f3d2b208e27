// npm run world: a simulated Azure that listens on this machine. `npm run world -- --help` lists the flags.

import { runWorld } from "./run-world.ts";

const ending = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => ending.abort());

// Whoever reads through a pipe may stop reading.
process.stdout.on("error", () => ending.abort());

const code = await runWorld(process.argv.slice(2), {
  out: (text) => {
    process.stdout.write(text);
  },
  error: (text) => {
    process.stderr.write(text);
  },
  signal: ending.signal,
});

// An app that does not answer, and one that waits for this world, are not waited for.
process.exit(code);
