import type { SecureContext } from "node:tls";
import { type Connected, connect, roundTripMs } from "../sql-connection.ts";
import { answers } from "../sql-server.ts";
import type { Vantage, World } from "../world.ts";
import { answerStatement, isSettings } from "./answer-statement.ts";
import { serverError } from "./error-texts.ts";
import type { Gate } from "./gate.ts";
import { MESSAGE } from "./packets.ts";
import { type LoginMessage, readLogin, readStatement, wantsEncryption } from "./read-client.ts";
import {
  attentionAnswer,
  errorAnswer,
  loginAnswer,
  preloginAnswer,
  routingAnswer,
  tablesAnswer,
} from "./token-stream.ts";
import type { Wire } from "./wire.ts";

/** A moment of a connection, in the order in which they come. */
export type Moment = "prelogin" | "login" | "query";

export interface TdsContext {
  readonly world: World;
  readonly vantage: Vantage;
  readonly secureContext: SecureContext | null;
  /** Is it somebody who may come in? */
  readonly knows: (login: LoginMessage) => boolean;
  /** Where a login to this name is sent on to; null where it may stay. */
  readonly redirect: (serverName: string) => string | null;
  /** A server gone wrong: bytes instead of the answer, nothing, or the end of the connection. */
  readonly spoil: (moment: Moment) => Buffer | "silence" | "cut" | null;
}

/** Longer than any client waits. */
const PATIENCE_MS = 120_000;
const REDIRECT_PORT = 11_000;
const LOGIN_FAILED = 18_456;

/** Serves one connection to its end. */
export async function serveConnection(context: TdsContext, wire: Wire, gate: Gate): Promise<void> {
  const hello = await wire.next();
  if (hello?.type !== MESSAGE.prelogin || (await spoilt(context, wire, gate, "prelogin"))) return;
  const encrypted = context.secureContext !== null && wantsEncryption(hello.payload);
  answer(wire, preloginAnswer(encrypted ? "on" : "not-supported"));
  if (encrypted && context.secureContext !== null) wire.startTls(context.secureContext);

  const request = await wire.next();
  if (request?.type !== MESSAGE.login || (await spoilt(context, wire, gate, "login"))) return;
  const login = readLogin(request.payload);
  const connection = await logIn(context, wire, gate, login);
  if (connection === null) return;
  for (let next = await wire.next(); next !== null; next = await wire.next()) {
    if (next.type === MESSAGE.attention) answer(wire, attentionAnswer());
    if (next.type !== MESSAGE.batch && next.type !== MESSAGE.rpc) continue;
    const statement = readStatement(next.type === MESSAGE.rpc ? "rpc" : "batch", next.payload);
    if (isSettings(statement)) answer(wire, tablesAnswer([]));
    else await answerOne(context, wire, gate, { connection, database: login.database, statement });
  }
}

/** Answers the login, or leaves it unanswered; null where there is nothing more to serve. */
async function logIn(
  { world, vantage, knows, redirect }: TdsContext,
  wire: Wire,
  gate: Gate,
  login: LoginMessage,
): Promise<Connected | null> {
  const { serverName, database } = login;
  const further = redirect(serverName);
  if (further !== null) {
    answer(wire, routingAnswer(database, further, REDIRECT_PORT));
    await wire.next();
    return null;
  }
  const target = { fqdn: instanceOf(serverName), timeoutMs: PATIENCE_MS };
  const by = login.token === null ? "password" : "token";
  const entered = await gate.during(connect(world, vantage, target, database, by));
  if (entered.kind === "connected" && knows(login)) {
    answer(wire, loginAnswer(database, login.token !== null));
    return entered.connection;
  }
  const refusal = entered.kind === "failed" ? entered.answer : null;
  if (refusal?.kind === "timeout") return null;
  // A token that was good when it was fetched may not be any more.
  const number = (refusal?.kind === "error" ? refusal.number : null) ?? LOGIN_FAILED;
  const errors = number === LOGIN_FAILED ? [number] : [number, LOGIN_FAILED];
  const tokens = errors.map((each) => serverError(each, database, serverName));
  answer(wire, errorAnswer(tokens, serverName));
  await wire.next();
  return null;
}

interface Question {
  readonly connection: Connected;
  readonly database: string;
  readonly statement: string;
}

async function answerOne(
  context: TdsContext,
  wire: Wire,
  gate: Gate,
  { connection, database, statement }: Question,
): Promise<void> {
  const { world, vantage } = context;
  const { server } = connection;
  if (await spoilt(context, wire, gate, "query")) return;
  await gate.during(world.wait(Math.round(roundTripMs(world, vantage, server))));
  const said = answers(world, vantage, server)
    ? answerStatement(world, server, database, statement)
    : ({ kind: "hangs" } as const);
  switch (said.kind) {
    case "tables":
      return answer(wire, tablesAnswer(said.tables));
    case "error": {
      const name = server.group.group[server.side].fqdn;
      return answer(wire, errorAnswer([serverError(said.number, database, name)], name));
    }
    case "hangs":
      return hang(wire, gate);
    default:
      return said satisfies never;
  }
}

/** Never ends by itself; a client that cancels is told that the request and then the waiting is over. */
async function hang(wire: Wire, gate: Gate): Promise<void> {
  const next = await gate.during(wire.next());
  if (next?.type !== MESSAGE.attention) return;
  answer(wire, tablesAnswer([]));
  answer(wire, attentionAnswer());
}

async function spoilt(
  { spoil }: TdsContext,
  wire: Wire,
  gate: Gate,
  moment: Moment,
): Promise<boolean> {
  const how = spoil(moment);
  if (how === null) return false;
  if (how === "cut") wire.cut();
  else if (how === "silence") gate.idle();
  else wire.sendRaw(how);
  await wire.next();
  return true;
}

/** The node that a redirect leads to bears the name of its instance behind its own. */
function instanceOf(serverName: string): string {
  return serverName.replace(/^node\d+\./, "");
}

function answer(wire: Wire, payload: Buffer): void {
  wire.send({ type: MESSAGE.answer, payload });
}
