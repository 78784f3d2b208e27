import type { Clock } from "./clock.ts";
import { emptyAnswer, type HttpAnswer, type HttpRequest, jsonAnswer } from "./http-message.ts";
import { type Keys, mayCall } from "./keys.ts";
import type { RegisteredFunction } from "./worker.ts";

export interface AdminOptions {
  name: string;
  clock: Clock;
  keys: Keys;
  routePrefix: string;
  functions: readonly RegisteredFunction[];
}

/** The few pages below /admin that tools ask for; all but the ping need the master key. */
export function adminPages(options: AdminOptions): (request: HttpRequest) => HttpAnswer {
  const startedAt = options.clock.now();
  return (request) => {
    const path = request.url.pathname.toLowerCase().replace(/\/$/, "");
    if (path === "/admin/host/ping") return emptyAnswer(200);
    if (!mayCall("admin", request, options.keys)) return emptyAnswer(401);
    if (request.method !== "GET") return emptyAnswer(404);
    switch (path) {
      case "/admin/host/status":
        return jsonAnswer(200, hostStatus(options.name, options.clock.now() - startedAt));
      case "/admin/functions":
        return jsonAnswer(
          200,
          options.functions.map((fn) => describe(fn, request.url.host, options.routePrefix)),
        );
      default:
        return emptyAnswer(404);
    }
  };
}

function hostStatus(id: string, processUptime: number): object {
  return {
    id,
    state: "Running",
    version: "4.1037.0.0",
    versionDetails: "4.1037.0",
    platformVersion: "",
    instanceId: "",
    computerName: "",
    processUptime,
    functionAppContentEditingState: "Unknown",
  };
}

function describe(fn: RegisteredFunction, host: string, routePrefix: string): object {
  const { name, kind, trigger, bindings } = fn;
  const prefix = routePrefix === "" ? "" : `${routePrefix}/`;
  return {
    name,
    script_root_path_href: null,
    script_href: `https://${host}/admin/vfs/index.js`,
    config_href: null,
    test_data_href: `https://${host}/admin/vfs/data/FunctionsData/${name}.dat`,
    href: `https://${host}/admin/functions/${name}`,
    invoke_url_template:
      kind === "http" ? `https://${host}/${prefix}${String(trigger.route ?? name)}` : null,
    language: "node",
    config: {
      name,
      entryPoint: "",
      scriptFile: "index.js",
      language: "node",
      functionDirectory: "",
      bindings: Object.entries(bindings).map(([key, one]) => ({ ...one, name: key })),
    },
    files: null,
    test_data: "",
    isDisabled: false,
    isDirect: false,
    isProxy: false,
  };
}
