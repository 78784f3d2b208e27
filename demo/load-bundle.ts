import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { RegisterSite } from "../simulator/site-app.ts";

const RUN = promisify(execFile);
const ROOT = new URL("../", import.meta.url);
const SITE = new URL("dist/local/site.mjs", ROOT);

/** Bundles the app as it is now, in a process of its own, and loads what it registers a site with. */
export async function loadBundle(): Promise<RegisterSite> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const build = fileURLToPath(new URL("cli/build.ts", ROOT));
  await RUN(process.execPath, ["--import", loader, build, "--local"], { cwd: fileURLToPath(ROOT) });
  const { registerSite }: { readonly registerSite: RegisterSite } = await import(SITE.href);
  return registerSite;
}
