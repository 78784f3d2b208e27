import { createRequire } from "node:module";
import path from "node:path";
import { VirtualClock } from "../src/clock.ts";
import { startHost } from "../src/host.ts";
import type { Host } from "../src/host-options.ts";
import { useClockInApps } from "./app-clock.ts";
import { ADDRESS, type AppName, folderOf, hostJsonOf } from "./app-folders.ts";
import { openLog } from "./app-log.ts";
import { catchCrashes } from "./crashing-apps.ts";
import type { Target } from "./target.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/** Not on a full minute: timer triggers must not be due at once. */
const STARTED_AT = Date.UTC(2026, 10, 21, 8, 45, 3, 217);

/** Starts a host on virtual time; time moves while somebody waits for it. */
export async function startVirtual(app: AppName, seed = 1): Promise<Target> {
  const clock = new VirtualClock(STARTED_AT);
  const folder = folderOf(app);
  const log = openLog();
  process.env.PROBE_LOG = log.file;
  const crashing = catchCrashes((exitCode) => host.crashWorker(exitCode));
  const apps = useClockInApps(clock, crashing.uncaught);
  // The platform tells the worker its own address.
  process.env.WEBSITE_HOSTNAME = ADDRESS;
  // The runner of the tests writes stacks in a way of its own.
  const { prepareStackTrace } = Error;
  Reflect.deleteProperty(Error, "prepareStackTrace");
  const release = (): void => {
    Error.prepareStackTrace = prepareStackTrace;
    apps.release();
    crashing.release();
    log.remove();
  };
  const host: Host = await startHost({
    name: app,
    app: { kind: "registered", register: () => loadAnew(folder) },
    hostJson: hostJsonOf(app),
    clock,
    seed,
    baseUrl: `http://${ADDRESS}`,
    onWorkerDeath: apps.forgetTimers,
  }).catch((error: unknown) => {
    release();
    throw error;
  });
  const moving = moveTime(clock);
  return {
    keys: host.keys,
    pollMs: 1000,
    nowMs: () => clock.now(),
    pause: (ms) => clock.sleep(ms),
    send: (request) => fetchFrom(host, request),
    killWorker: () => host.crashWorker(),
    log: log.entries,
    stop: async () => {
      await host.stop();
      await moving.stop();
      release();
    },
  };
}

const require = createRequire(import.meta.url);

/** A new worker process has no modules yet. */
function loadAnew(folder: string): void {
  for (const file of Object.keys(require.cache)) {
    if (file.includes("/conformance/apps/")) delete require.cache[file];
  }
  require(path.join(folder, "src/index.js"));
}

function moveTime(clock: VirtualClock): { stop(): Promise<void> } {
  let stopped = false;
  const run = async (): Promise<void> => {
    while (!stopped) {
      await clock.runUntil(() => stopped).catch(unlessIdle);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const running = run();
  return {
    stop: () => {
      stopped = true;
      return running;
    },
  };
}

/** With nothing left to happen the clock gives up; the next request will bring something. */
function unlessIdle(error: unknown): void {
  if (!/nothing is left to happen/.test(String(error))) throw error;
}

async function fetchFrom(host: Host, request: WireRequest): Promise<WireAnswer> {
  const { method = "GET", path: url, headers = {}, body } = request;
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  try {
    const answer = await host.fetch({
      method,
      url,
      headers: { host: ADDRESS, "content-length": String(length), ...joined(headers) },
      ...(body !== undefined && { body }),
    });
    const text = Buffer.from(answer.body).toString("utf8");
    return { status: answer.status, headers: answer.headers, rawHeaders: [], text, chunkAtMs: [0] };
  } catch (error) {
    if (host.alive) throw error;
    return {
      status: 0,
      headers: {},
      rawHeaders: [],
      text: `connect ECONNREFUSED ${ADDRESS}`,
      chunkAtMs: [],
    };
  }
}

function joined(headers: Record<string, string | string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
