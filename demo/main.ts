// npm start: the app on a simulated Azure, on this machine. `npm start -- --help` lists the flags.

import { runDemo } from "./demo.ts";

const ending = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => ending.abort());

// Whoever reads through a pipe may stop reading.
process.stdout.on("error", () => ending.abort());

process.exitCode = await runDemo(process.argv.slice(2), {
  out: {
    write: (text) => {
      process.stdout.write(text);
    },
    isTTY: process.stdout.isTTY,
    get columns() {
      // A terminal that does not tell its width says 0.
      return process.stdout.columns || 100;
    },
  },
  error: (text) => {
    process.stderr.write(text);
  },
  noColour: process.env.NO_COLOR,
  signal: ending.signal,
});
