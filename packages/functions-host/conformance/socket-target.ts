import { ScaledClock } from "../src/clock.ts";
import { startHost } from "../src/host.ts";
import { ADDRESS, type AppName, folderOf, hostJsonOf } from "./app-folders.ts";
import { openLog } from "./app-log.ts";
import type { Target } from "./target.ts";
import { send, type WireAnswer } from "./wire.ts";

const RECORDED_PORT = ADDRESS.slice(ADDRESS.indexOf(":"));

/** Starts a host on the wall clock, behind a socket, with its worker in a process of its own. */
export async function startOnSocket(app: AppName, speed = 1): Promise<Target> {
  const clock = new ScaledClock({ speed });
  const log = openLog();
  const host = await startHost({
    // The id of the host, as it was set for the recording.
    name: `probe${app}`,
    app: { kind: "directory", path: folderOf(app) },
    hostJson: hostJsonOf(app),
    settings: { PROBE_LOG: log.file, PROBE_SPEED: String(speed) },
    clock,
    seed: 1,
    fullMetadata: true,
    baseUrl: `http://${ADDRESS}`,
  });
  const { port } = await host.listen(0);
  // What this run chose itself is put as it was chosen then, before anything is cut to length.
  const asRecorded = (answer: WireAnswer): WireAnswer => ({
    ...answer,
    text: answer.text
      .replaceAll(`:${port}`, RECORDED_PORT)
      .replaceAll(folderOf(app).replace(/\/$/, ""), `/app/apps/${app}`),
  });
  return {
    keys: host.keys,
    pollMs: 100 * speed,
    nowMs: () => clock.now(),
    pause: (ms) => clock.sleep(ms),
    send: async (request) => asRecorded(await send(port, request)),
    killWorker: () => host.crashWorker(),
    log: log.entries,
    stop: async () => {
      await host.stop();
      clock.close();
      log.remove();
    },
  };
}
