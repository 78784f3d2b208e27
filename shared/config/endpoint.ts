import { wholeIn } from "../domain/units.ts";
import { ok, type Reading, refused } from "../text/reading.ts";

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const HOST = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const SQL_HOST = new RegExp(
  `^((?:${LABEL}\\.)+)(database\\.windows\\.net|database\\.usgovcloudapi\\.net|database\\.chinacloudapi\\.cn)$`,
);
const HOST_EXAMPLE = "<instance>.<zone>.database.windows.net, as the portal shows it under Host";
const LOOPBACK: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];
const SECRET_PARAMETER = /^(sig|code|key|token|password|pwd|secret)$|[-_](key|token|secret)$/i;

/** Reads the host name of a managed instance: not its public endpoint, not a listener's read-only twin. */
export function readInstanceHost(text: string): Reading<string> {
  const host = text.toLowerCase();
  const labels = SQL_HOST.exec(host)?.[1]?.split(".").slice(0, -1);
  if (labels === undefined) {
    return refused("not-an-instance-host", "must be a managed instance's host", HOST_EXAMPLE);
  }
  if (labels[1] === "public") {
    return refused("public-endpoint", "must not be the public endpoint", HOST_EXAMPLE);
  }
  if (labels[1] === "secondary") {
    return refused("listener", "must not be a failover group's listener", HOST_EXAMPLE);
  }
  if (labels.length === 1) {
    return refused("sql-database-host", "is the host of a SQL Database server", HOST_EXAMPLE);
  }
  if (labels.length > 2) {
    return refused("not-an-instance-host", "must be a managed instance's host", HOST_EXAMPLE);
  }
  return ok(host);
}

/** Reads a URL that carries no secret: https, or http to this machine. */
export function readUrl(text: string): Reading<string> {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    return refused("not-a-url", "must be a URL", "https://host.example.net");
  }
  const url = new URL(text);
  if (url.protocol === "http:" && !LOOPBACK.includes(url.hostname)) {
    return refused("not-https", "must be https", "the same address with https://");
  }
  if (url.username !== "" || url.password !== "" || hasSecretParameter(url)) {
    return refused("secret-in-url", "must not carry a secret", "the address alone");
  }
  // Paths are appended to an address alone; one that has a path is asked as it is.
  return ok(url.pathname === "/" ? text.replace(/\/$/, "") : text);
}

/** Reads `host:port`. */
export function readHostAndPort(text: string): Reading<string> {
  const [, host = "", port = ""] = /^(.+):(\d{1,5})$/.exec(text.toLowerCase()) ?? [];
  const number = wholeIn(port) ?? 0;
  if (HOST.test(host) && number >= 1 && number <= 65535) return ok(`${host}:${port}`);
  return refused("not-host-and-port", "must be a host and a port", "host.example.net:1433");
}

function hasSecretParameter(url: URL): boolean {
  return [...url.searchParams.keys()].some((key) => SECRET_PARAMETER.test(key));
}
