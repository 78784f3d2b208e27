import type { Side } from "../../shared/domain/group.ts";
import type { SqlAnswer } from "../../shared/domain/observation.ts";
import type { GroupWorld } from "./group-world.ts";
import { instanceUp, isOn, loginError } from "./instance-health.ts";
import { serverNamed } from "./names.ts";
import { namesResolve, vantageReaches } from "./network.ts";
import { tokenGoodForMs } from "./tokens.ts";
import type { Vantage, World } from "./world.ts";

export interface Server {
  readonly group: GroupWorld;
  readonly side: Side;
}

export interface Connected {
  readonly server: Server;
  /** What is left of the caller's patience when the login is done. */
  readonly leftMs: number;
  readonly latencyMs: number;
}

export type ConnectAnswer =
  | { readonly kind: "connected"; readonly connection: Connected }
  | { readonly kind: "failed"; readonly answer: SqlAnswer };

const NAME_TAKES_MS = 3;
const NEAR_MS = 8;
const FAR_MS = 35;

/** One login, taking the time that it takes, and never more than the caller's patience. */
export async function connect(
  world: World,
  vantage: Vantage,
  target: { readonly fqdn: string; readonly timeoutMs: number },
  database: string,
  by: "token" | "password" = "token",
): Promise<ConnectAnswer> {
  world.now();
  const server = serverNamed(world, target.fqdn);
  if (server === null || !namesResolve(world, vantage)) {
    await world.wait(Math.min(NAME_TAKES_MS, target.timeoutMs));
    return failed({ kind: "no-name", said: "ENOTFOUND" });
  }
  if (by === "token" && tokenGoodForMs(world, vantage) === null) {
    return failed({ kind: "no-token", code: "CredentialUnavailableError" });
  }
  const { group, side } = server;
  const latencyMs = Math.round(roundTripMs(world, vantage, server) * 3);
  const refused = world
    .faults("instance-down")
    .some((fault) => isOn(fault, group, side) && fault.how === "refused");
  if (refused && vantageReaches(world, vantage, group.group[side].region)) {
    await world.wait(Math.min(latencyMs, target.timeoutMs));
    return failed({ kind: "unreachable", code: "ECONNREFUSED", said: "ECONNREFUSED" });
  }
  if (silent(world, vantage, server)) {
    await world.wait(target.timeoutMs);
    return failed({ kind: "timeout", phase: "connect" });
  }
  if (latencyMs >= target.timeoutMs) {
    await world.wait(target.timeoutMs);
    return failed({ kind: "timeout", phase: "login" });
  }
  await world.wait(latencyMs);
  if (!vantageReaches(world, vantage, group.group[side].region)) {
    await world.wait(target.timeoutMs - latencyMs);
    return failed({ kind: "timeout", phase: "login" });
  }
  const number = loginError(world, group, side, database);
  if (number !== null) return failed({ kind: "error", number, code: "ELOGIN" });
  return {
    kind: "connected",
    connection: { server, latencyMs, leftMs: target.timeoutMs - latencyMs },
  };
}

/** The time of one request and its answer, slowness included. */
export function roundTripMs(world: World, vantage: Vantage, { group, side }: Server): number {
  const base = group.group[side].region === vantage.region ? NEAR_MS : FAR_MS;
  const slow = world
    .faults("slow")
    .filter((fault) => isOn(fault, group, side))
    .reduce((sum, fault) => sum + fault.ms, 0);
  return base * (1 + world.draw("sql-latency") / 2) + slow / 3;
}

function silent(world: World, vantage: Vantage, { group, side }: Server): boolean {
  if (!vantageReaches(world, vantage, group.group[side].region)) return true;
  if (!instanceUp(world, group, side)) return true;
  const flaky = world.faults("flaky").find((fault) => isOn(fault, group, side));
  return flaky !== undefined && world.draw("flaky") < flaky.share;
}

function failed(answer: SqlAnswer): ConnectAnswer {
  return { kind: "failed", answer };
}
