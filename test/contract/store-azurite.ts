import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { type AddressInfo, createServer } from "node:net";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import type { StoreAddress } from "../../shared/azure/table-store/store-address.ts";

/** An emulated table service in a process of its own, all of it in memory. */
export interface Azurite {
  /** An account of its own for every name: letters and digits. */
  connectionString(account?: string): string;
  address(account?: string): StoreAddress;
  stop(): Promise<void>;
}

/** The key of an account that only this process knows. */
const KEY = Buffer.from("a key that opens nothing but an emulator").toString("base64");
const ACCOUNTS = ["devstoreaccount1", "siteneu", "sitesec"];

/** Starts the emulator of Azure Storage tables on a free port, without telemetry. */
export async function startAzurite(): Promise<Azurite> {
  const port = await freePort();
  const root = dirname(createRequire(import.meta.url).resolve("azurite/package.json"));
  const child = spawn(
    process.execPath,
    [
      join(root, "dist/src/table/main.js"),
      ...["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry"],
      ...["--tablePort", String(port)],
    ],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        AZURITE_ACCOUNTS: ACCOUNTS.map((account) => `${account}:${KEY}`).join(";"),
      },
    },
  );
  await started(child);
  const connectionString = (account = "devstoreaccount1"): string =>
    `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${KEY};TableEndpoint=http://127.0.0.1:${port}/${account};`;
  return {
    connectionString,
    address: (account) => ({ kind: "connection-string", text: connectionString(account) }),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** Resolves once it listens; what it says later is read too, or it would stop at a full pipe. */
function started(child: ChildProcessByStdio<null, Readable, null>): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout.on("data", (text: Buffer) => {
      if (text.includes("successfully started")) resolve();
    });
    child.once("exit", (code) => reject(new Error(`Cannot start Azurite: it ended: ${code}`)));
  });
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
