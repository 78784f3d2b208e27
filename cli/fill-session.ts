import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A block of a page that begins with the command that prints it. */
const SESSION = /```\n\$ npm start -- ([^\n]*)\n[\s\S]*?```/;

/** What is shown of a run of `region-loss`: the first line of each kind, in the order of the run. */
const SHOWN: readonly RegExp[] = [
  / world {2}! region-dark /,
  / decides: .* hold +grace$/,
  / decides: .* fail-over +primary-lost$/,
  / requests a forced failover /,
  / world {2}! roles flip: /,
  / verified$/,
  / decides: .* fail-over +home-again$/,
  / is home again /,
  /^ +from the first failed look to verified: /,
  /^ +loss +receipt: .* truly lost: /,
];

/** Plays the session that the page shows, and gives what it printed. Half a minute of computing. */
export function playSession(page: string): string {
  const flags = SESSION.exec(page)?.[1];
  if (flags === undefined) throw new Error("Cannot play the session: the page has none");
  const args = ["cli/run-sources.mjs", "demo/main.ts", ...flags.split(" ")];
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  if (status !== 0 || stderr !== "") {
    throw new Error(`Cannot play the session: it ended with ${status}: ${stderr.slice(0, 4_000)}`);
  }
  return stdout;
}

/** The page with its session as the run printed it, shortened to what it shows. */
export function fillSession(page: string, printed: string): string {
  const lines = printed.split("\n");
  const shown = SHOWN.map((kind) => {
    const line = lines.find((one) => kind.test(one));
    if (line === undefined) throw new Error(`Cannot fill the session: no line is like ${kind}`);
    return line;
  });
  return page.replace(
    SESSION,
    (_, flags: string) => `\`\`\`\n$ npm start -- ${flags}\n${shown.join("\n")}\n\`\`\``,
  );
}
