import { adaptDurableClient } from "./client-adapter.ts";
import type { App } from "./host-options.ts";
import { LocalWorker, type Worker, type WorkerLog } from "./worker.ts";
import { startWorkerProcess } from "./worker-process.ts";

export interface WorkerLoad {
  app: App;
  settings: Record<string, string>;
  hostName: string;
  onLog(line: WorkerLog): void;
  onExit(exit: string): void;
}

/** Starts a worker and loads the app in it: here, or in a process of its own for one in a folder. */
export async function loadWorker({
  app,
  settings,
  hostName,
  onLog,
  onExit,
}: WorkerLoad): Promise<Worker> {
  switch (app.kind) {
    case "directory": {
      const environment = { ...settings, ...platformVariables(app.path, hostName) };
      return startWorkerProcess({ appFolder: app.path, environment, onLog, onExit });
    }
    case "registered": {
      const worker = new LocalWorker(onLog);
      await worker.load(app.register);
      adaptDurableClient(import.meta.url);
      return worker;
    }
    default:
      return app satisfies never;
  }
}

/** What the platform tells a worker of its surroundings. */
function platformVariables(folder: string, hostName: string): Record<string, string> {
  return {
    AZURE_FUNCTIONS_ENVIRONMENT: "Development",
    AzureWebJobsScriptRoot: folder,
    FUNCTIONS_APPLICATION_DIRECTORY: folder,
    FUNCTIONS_EXTENSION_VERSION: "~4",
    FUNCTIONS_WORKER_RUNTIME: "node",
    WEBSITE_HOSTNAME: hostName,
  };
}
