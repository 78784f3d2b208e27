const HOST =
  /^[a-z0-9-]{1,127}\.(?:vault|managedhsm)\.(?:azure\.net|azure\.cn|usgovcloudapi\.net)$/;

export interface KeyAddress {
  readonly vaultUrl: string;
  readonly host: string;
  readonly name: string;
  readonly version: string;
}

/** The parts of a key's URI; null for what is no key of an Azure vault, to which no token may go. */
export function keyAddress(uri: string): KeyAddress | null {
  if (!/^https:\/\//i.test(uri) || !URL.canParse(uri)) return null;
  const { hostname: host, pathname, port, username, origin } = new URL(uri);
  const [, name, version = ""] =
    /^\/keys\/([a-z0-9-]+)(?:\/([a-z0-9]+))?\/?$/i.exec(pathname) ?? [];
  if (name === undefined || port !== "" || username !== "" || !HOST.test(host)) return null;
  return { vaultUrl: origin, host, name, version };
}

/** Whether an address is one that only a private network leads to. */
export function isPrivate(address: string): boolean {
  const [first = -1, second = -1] = address.split(".").map(Number);
  if (address.includes(":")) return /^(f[cd]|fe[89ab]|::1$)/i.test(address);
  if (first === 10 || first === 127) return true;
  if (first === 172) return second >= 16 && second <= 31;
  return first === 192 && second === 168;
}
