import type { Host } from "functions-host/host-options";
import type { Run } from "./start-run.ts";

export interface Door {
  readonly site: string;
  readonly url: string;
  readonly key: string;
}

export interface FrontDoors {
  readonly doors: readonly Door[];
  /** A site that came back is a new host: opens its door again, on the port it had. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

interface Open {
  readonly host: Host;
  readonly port: number;
  close(): Promise<void>;
}

/** Opens the HTTP triggers of every site on the loopback address, from the wanted port upwards. */
export async function openFrontDoors(run: Run, wantedPort: number): Promise<FrontDoors> {
  const open = new Map<string, Open>();
  const doors: Door[] = [];
  let nextPort = wantedPort;
  for (const host of run.sites.all) {
    const server = await listenFrom(host, nextPort);
    nextPort = wantedPort === 0 ? 0 : server.port + 1;
    open.set(host.name, { host, ...server });
    const url = `http://127.0.0.1:${server.port}/api`;
    doors.push({ site: host.name, url, key: host.keys.host });
  }
  return {
    doors,
    reopen: async () => {
      for (const host of run.sites.all) {
        const before = open.get(host.name);
        if (before === undefined || before.host === host || !host.alive) continue;
        await before.close();
        open.set(host.name, { host, ...(await host.listen(before.port)) });
      }
    },
    close: async () => {
      await Promise.all([...open.values()].map((door) => door.close()));
    },
  };
}

const PORTS_TRIED = 50;

async function listenFrom(host: Host, port: number): ReturnType<Host["listen"]> {
  for (let tried = 0; tried < PORTS_TRIED && port !== 0; tried++) {
    try {
      return await host.listen(port + tried);
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  return host.listen(0);
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}
