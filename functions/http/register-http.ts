import {
  app as functions,
  type HttpMethod,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from "@azure/functions";
import * as df from "durable-functions";
import { NotWritten } from "../../shared/ledger/rows.ts";
import type { App } from "../app.ts";
import { HttpProblem, problemAnswer } from "./http-problem.ts";

/** One HTTP call with what is needed to answer it. */
export interface HttpCall {
  readonly app: App;
  readonly request: HttpRequest;
  readonly client: df.DurableClient;
}

interface HttpFunction {
  /** Function names are one name space with activities and orchestrations, whatever the case. */
  readonly name: `http-${string}`;
  readonly method: HttpMethod;
  readonly route: string;
  answer(call: HttpCall): Promise<HttpResponseInit>;
}

/** Registers one HTTP function. All of them want a function key, and none lets an exception out. */
export function registerHttp(app: App, fn: HttpFunction): void {
  functions.http(fn.name, {
    methods: [fn.method],
    authLevel: "function",
    route: fn.route,
    extraInputs: [df.input.durableClient()],
    handler: async (request, context) => {
      try {
        return await fn.answer({
          app,
          request,
          // Made only for who starts something: making one costs more than most answers.
          get client() {
            return df.getClient(context);
          },
        });
      } catch (error) {
        return answerError(app, context, error);
      }
    },
  });
}

function answerError(app: App, context: InvocationContext, error: unknown): HttpResponseInit {
  if (error instanceof HttpProblem) return problemAnswer(error.problem);
  const id = app.ports.newId();
  context.error(`${id}: ${placeOf(error)}`);
  if (error instanceof NotWritten && error.because !== "unreadable") {
    return problemAnswer({
      status: 503,
      slug: "store-unreachable",
      title: "A store gave no answer",
      detail: "A store that is needed for this gave no answer. Call again.",
      members: { id },
    });
  }
  if (error instanceof NotWritten) {
    return problemAnswer({
      status: 503,
      slug: "row-unreadable",
      title: "A row cannot be understood",
      detail:
        "A row that is needed for this cannot be understood; perhaps a newer release wrote it.",
      members: { id },
    });
  }
  return problemAnswer({
    status: 500,
    slug: "unexpected",
    title: "Something unexpected happened",
    detail: "The log of this site says more under this id.",
    members: { id },
  });
}

/** What broke and where, without its message: that may carry addresses and signatures. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames].join("\n");
}
