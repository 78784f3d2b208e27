import type { Socket } from "node:net";
import { type ConnectionConfiguration, Request } from "tedious";
import type { NetworkCode, SqlAnswer } from "../../domain/observation.ts";
import { AnswerTooLarge } from "../limit-answers.ts";
import type { Dial } from "./dial.ts";
import { failedStep, GARBAGE, type Phase } from "./failed-step.ts";
import { GuardedConnection } from "./guarded-connection.ts";

/** An instance has five hundred databases at most, nothing that we ask has more rows of each, and ours hold no more. */
const ROWS_MAX = 600;

export type Login =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "password"; readonly userName: string; readonly password: string };

/** How the way to the server is secured. "none" is for a server on this machine. */
export type Encryption =
  | { readonly kind: "public" }
  | { readonly kind: "own-authority"; readonly ca: string }
  | { readonly kind: "none" };

export interface SessionOrder {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly login: Login;
  readonly appName: string;
  readonly encryption: Encryption;
  readonly dial: Dial;
  readonly timeoutMs: number;
  /** Ends everything at once. */
  readonly signal: AbortSignal;
}

/** How the network ends a connection to somebody who is not there. */
const CUT: ReadonlySet<NetworkCode> = new Set<NetworkCode>([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Whoever says more than any instance has to say has spoken. */
const TOO_LARGE: SqlAnswer = { ...GARBAGE, code: "answer-too-large" };

/** How a step ended. `rows` are the cells of all rows, in the order of the columns. */
export type StepEnd =
  | { readonly kind: "done"; readonly rows: readonly (readonly unknown[])[] }
  | { readonly kind: "failed"; readonly answer: SqlAnswer };

/** One connection: opened once, asked a few things, closed. It has no second try in it. */
export class Session {
  private readonly order: SessionOrder;
  private readonly connection: GuardedConnection;
  private readonly sockets: Socket[] = [];
  private phase: Phase = "connect";
  /** The gateway took the login and named a node: whatever comes after, somebody has answered. */
  private redirected = false;
  /** The first of several is the cause; "login failed" comes after it. */
  private firstNumber: number | null = null;
  private endStep: ((end: StepEnd) => void) | null = null;
  /** What ended the connection: the answer to whatever is asked after it. */
  private over: SqlAnswer | null = null;

  constructor(order: SessionOrder) {
    this.order = order;
    this.connection = new GuardedConnection(
      configuration(order, (...args) => this.dial(args)),
      (error) => this.fail(error instanceof AnswerTooLarge ? TOO_LARGE : GARBAGE),
    );
    this.connection.on("errorMessage", ({ number }) => {
      this.firstNumber ??= number;
    });
    this.connection.on("error", (error) => this.failWith(error));
    order.signal.addEventListener("abort", this.late, { once: true });
  }

  /** Connects and logs in. */
  open(): Promise<StepEnd> {
    return this.step((end) => {
      this.connection.connect((error) => {
        if (error) return this.failWith(error);
        this.phase = "query";
        end({ kind: "done", rows: [] });
      });
    });
  }

  /** One batch, one answer. */
  ask(statement: string): Promise<StepEnd> {
    return this.step((end) => {
      const rows: (readonly unknown[])[] = [];
      const request = new Request(statement, (error) => {
        if (error) return this.failWith(error);
        end({ kind: "done", rows });
      });
      request.on("row", (cells: unknown) => {
        if (rows.length === ROWS_MAX) return this.fail(TOO_LARGE);
        rows.push(cellsOf(cells));
      });
      this.connection.execSqlBatch(request);
    });
  }

  close(): void {
    this.order.signal.removeEventListener("abort", this.late);
    this.over ??= { kind: "not-asked" };
    this.connection.close();
    // With an error, so that tedious sees the end in whatever state it is in, and stops its clocks.
    for (const socket of this.sockets) socket.destroy(new Error("Cannot go on: closed"));
  }

  private step(start: (end: (end: StepEnd) => void) => void): Promise<StepEnd> {
    return new Promise((resolve) => {
      this.firstNumber = null;
      this.endStep = (end) => {
        this.endStep = null;
        resolve(end);
      };
      if (this.over !== null) this.endStep({ kind: "failed", answer: this.over });
      else if (this.order.signal.aborted) this.late();
      else start((end) => this.endStep?.(end));
    });
  }

  private readonly late = (): void => this.fail({ kind: "timeout", phase: this.phase });

  private failWith(error: unknown): void {
    this.fail(failedStep(error, this.phase, this.firstNumber));
  }

  private fail(met: SqlAnswer): void {
    const answer = this.redirected && this.phase !== "query" ? afterRedirect(met) : met;
    // Only a refused statement leaves a connection that can be asked again.
    const refused = answer.kind === "error" && answer.number !== null && this.phase === "query";
    if (!refused && this.over === null) {
      this.over = answer;
      this.close();
    }
    this.endStep?.({ kind: "failed", answer: this.over ?? answer });
  }

  private async dial(args: readonly unknown[]): Promise<Socket> {
    // After a redirect tedious asks for another host and port than the first time.
    const { host = this.order.host, port = this.order.port } = addressOf(args[0]);
    this.phase = "connect";
    // Nothing is tried twice: only a redirect opens a second connection.
    this.redirected = this.sockets.length > 0;
    const socket = await this.order.dial({ host, port }, this.order.signal);
    // tedious listens for errors most of the time, and an error that nobody hears ends the process.
    socket.on("error", () => undefined);
    this.sockets.push(socket);
    if (this.order.signal.aborted) socket.destroy();
    this.phase = "login";
    return socket;
  }
}

/** What stands in for the silence of a node to which the gateway has sent us. */
function afterRedirect(met: SqlAnswer): SqlAnswer {
  if (met.kind === "timeout") return { kind: "lost-redirect", how: "timed-out" };
  const cut = met.kind === "unreachable" && CUT.has(met.code);
  return cut ? { kind: "lost-redirect", how: "refused" } : met;
}

/** A session that is not open yet. */
export function createSession(order: SessionOrder): Session {
  return new Session(order);
}

function configuration(
  order: SessionOrder,
  connector: (...args: unknown[]) => Promise<Socket>,
): ConnectionConfiguration {
  const { host, port, database, login, appName, encryption, timeoutMs } = order;
  return {
    // It is also the name that the certificate must bear, and after a redirect tedious takes the new one:
    // a fixed `serverName` would break that.
    server: host,
    authentication:
      login.kind === "token"
        ? { type: "azure-active-directory-access-token", options: { token: login.token } }
        : {
            type: "default",
            options: { userName: login.userName, password: login.password },
          },
    options: {
      port,
      database,
      appName,
      // Otherwise the name of the machine is sent.
      workstationId: "geo-failover",
      connector,
      encrypt: encryption.kind !== "none",
      trustServerCertificate: false,
      cryptoCredentialsDetails: encryption.kind === "own-authority" ? { ca: encryption.ca } : {},
      maxRetriesOnTransientErrors: 0,
      connectTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      useColumnNames: false,
    },
  };
}

function addressOf(value: unknown): { host?: string; port?: number } {
  if (typeof value !== "object" || value === null) return {};
  const host = "host" in value && typeof value.host === "string" ? value.host : undefined;
  const port = "port" in value && typeof value.port === "number" ? value.port : undefined;
  return { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) };
}

function cellsOf(row: unknown): readonly unknown[] {
  return Array.isArray(row) ? row.map(cellOf) : [];
}

function cellOf(cell: unknown): unknown {
  return typeof cell === "object" && cell !== null && "value" in cell ? cell.value : null;
}
