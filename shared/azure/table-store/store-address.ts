import type { Site } from "../../domain/group.ts";

/** Where a site's table is, and by which right we reach it. */
export type StoreAddress =
  /** Holds an account key: for the local emulator. Never logged. */
  | { readonly kind: "connection-string"; readonly text: string }
  /** Reached with our own identity. */
  | { readonly kind: "endpoint"; readonly url: string };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where the store of a site is: what the configuration says, else for our own site the host's
 * storage account. `GEO_FAILOVER_STORE_<SITE>` wins: a local run has no identity to show.
 */
export function storeAddress(site: Site, own: boolean, env: Environment): StoreAddress | null {
  const local = env[`GEO_FAILOVER_STORE_${settingSuffix(site)}`];
  if (local) return { kind: "connection-string", text: local };
  if (site.store !== null) return { kind: "endpoint", url: site.store };
  return own ? hostStorage(env) : null;
}

/** A site's name as settings write it. */
export function settingSuffix(site: Pick<Site, "name">): string {
  return site.name.toUpperCase().replaceAll("-", "_");
}

function hostStorage(env: Environment): StoreAddress | null {
  const text = env.AzureWebJobsStorage;
  if (text) return { kind: "connection-string", text };
  const url = env.AzureWebJobsStorage__tableServiceUri;
  if (url) return { kind: "endpoint", url: url.replace(/\/$/, "") };
  const account = env.AzureWebJobsStorage__accountName;
  return account ? { kind: "endpoint", url: `https://${account}.table.core.windows.net` } : null;
}
