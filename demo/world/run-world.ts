import { once } from "node:events";
import { orderWorld } from "./order-world.ts";
import { hostKeyOf, type ServedWorld, serveWorld, type WorldToServe } from "./serve-world.ts";

const USAGE = `npm run world -- [flags]: a simulated Azure on this machine, in real time, for an app in a process of its own

  --scenario FILE   what befalls it, from its start (default: nothing; a name of npm start -- --list, too)
  --config FILE     the configuration that the app reads (default demo/demo.yaml)
  --port N          loopback port of its controls (default 7100; 0 takes any)
  --help            this

GET /ledger           what really happened: requests, roles, losses, messages
GET /faults           what can go wrong, by name, with its meaning
POST /faults          lets it go wrong: {"fault": "region-dark", "region": "home", "for": "PT5M"}
GET /environment/SITE the settings of an app that is to live here as that site, a line each

Ctrl-C ends it. Exit code: 0 when it was ended, 1 when it could not begin, 2 when the command line or a file
cannot be understood.
`;

/** Why a port cannot be had. */
const NOT_OURS: ReadonlyMap<string, string> = new Map([
  ["EADDRINUSE", "is taken, perhaps by another world"],
  ["EACCES", "is not for everybody"],
]);

export interface Around {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Ends the world. */
  readonly signal: AbortSignal;
}

/** The whole of `npm run world`. Returns the exit code. */
export async function runWorld(argv: readonly string[], around: Around): Promise<number> {
  const { out, error, signal } = around;
  const reading = orderWorld(argv);
  switch (reading.kind) {
    case "help":
      out(USAGE);
      return 0;
    case "refused":
      error(`${reading.because}\n`);
      return 2;
    case "serve": {
      const served = await begin({ ...reading.order, say: (line) => out(`${line}\n`) }, error);
      if (served === null) return 1;
      tellHowToLive(served, reading.title, out);
      if (!signal.aborted) await once(signal, "abort");
      served.close();
      return 0;
    }
    default:
      return reading satisfies never;
  }
}

/** Null: it could not begin, and the reader has been told why. */
async function begin(order: WorldToServe, error: Around["error"]): Promise<ServedWorld | null> {
  try {
    return await serveWorld(order);
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : null;
    const because = NOT_OURS.get(String(code));
    if (because === undefined) throw thrown;
    error(`Cannot serve the world: port ${order.port} ${because}; see --port\n`);
    return null;
  }
}

function tellHowToLive(served: ServedWorld, title: string, out: Around["out"]): void {
  const { url, world, environmentOf } = served;
  out(`Ready: the world is at ${url}, and in it ${title}\n`);
  for (const site of world.sites) {
    out(
      `${site.name}, with --host-key ${hostKeyOf(site)}: ${environmentOf(site.name).join(" ")}\n`,
    );
  }
}
