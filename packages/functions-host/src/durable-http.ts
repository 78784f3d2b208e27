// The HTTP API of the durable extension: the same answers on the web hooks and on the loopback RPC address.

import type { Agenda } from "./agenda.ts";
import type { Clock } from "./clock.ts";
import { changed, problem, restartOfMissing, restartOfRunning } from "./durable-errors.ts";
import { checkStatusLinks, type HubAddress } from "./durable-links.ts";
import { filterFrom, listAnswer, statusAnswer } from "./durable-query.ts";
import { jsonOrText } from "./durable-status.ts";
import { isFinal } from "./history.ts";
import {
  emptyAnswer,
  type HttpAnswer,
  type HttpRequest,
  jsonAnswer,
  queryValue,
} from "./http-message.ts";
import { jsonProblem } from "./json-problem.ts";
import type { Lint } from "./lint.ts";
import type { Management } from "./management.ts";

export interface DurableHttpOptions {
  management: Management;
  clock: Clock;
  agenda: Agenda;
  hub: HubAddress;
  lint: Lint;
}

/** Answers every address below the base of the API. */
export class DurableHttp {
  private readonly options: DurableHttpOptions;

  constructor(options: DurableHttpOptions) {
    this.options = options;
  }

  /** `path` is what follows the base of the API. */
  async answer(request: HttpRequest, path: string): Promise<HttpAnswer> {
    const [head = "", ...rest] = decodePath(path);
    switch (head.toLowerCase()) {
      case "orchestrators":
        return this.orchestrators(request, rest);
      case "instances":
        return this.instances(request, rest);
      case "entities":
        return problem(501, "Cannot go on: this host has no support for: entities");
      default:
        return emptyAnswer(404);
    }
  }

  private async orchestrators(request: HttpRequest, rest: readonly string[]): Promise<HttpAnswer> {
    const [name, id, tooMuch] = rest;
    if (request.method !== "POST" || name === undefined || tooMuch !== undefined) {
      return emptyAnswer(404);
    }
    const text = request.body === null ? "" : Buffer.from(request.body).toString("utf8");
    const wrong = text === "" ? null : jsonProblem(text);
    if (wrong !== null) return problem(400, "Invalid JSON content", wrong);
    const version = queryValue(request.url, "version");
    const started = await this.options.management.start(name, id ?? null, text || null, version);
    if (started.kind === "accepted") this.options.lint.started(started.instanceId, text || null);
    if (started.kind === "exists") {
      return problem(
        409,
        `An Orchestration instance with the status ${started.status} already exists.`,
      );
    }
    return this.startedOrFinished(request, started.instanceId);
  }

  private async instances(request: HttpRequest, rest: readonly string[]): Promise<HttpAnswer> {
    const [id, operation, eventName, tooMuch] = rest;
    const { method } = request;
    if (id === undefined) {
      if (method === "GET") return listAnswer(this.options.management, request);
      return method === "DELETE" ? this.purgeBy(request) : emptyAnswer(404);
    }
    if (operation === undefined) {
      if (method === "GET") return statusAnswer(this.options.management, request, id);
      return method === "DELETE" ? this.purge(id) : emptyAnswer(404);
    }
    if (method !== "POST" || tooMuch !== undefined) return emptyAnswer(404);
    if (eventName !== undefined) {
      return operation.toLowerCase() === "raiseevent"
        ? this.raise(request, id, eventName)
        : emptyAnswer(404);
    }
    return this.change(request, id, operation.toLowerCase());
  }

  private async change(request: HttpRequest, id: string, operation: string): Promise<HttpAnswer> {
    const { management } = this.options;
    const reason = queryValue(request.url, "reason");
    switch (operation) {
      case "terminate":
        return changed(await management.terminate(id, reason), id, operation);
      case "suspend":
        return changed(await management.suspend(id, reason), id, operation);
      case "resume":
        return changed(await management.resume(id, reason), id, operation);
      case "rewind":
        return this.rewind(id, reason);
      case "restart":
        return this.restart(request, id);
      default:
        return emptyAnswer(404);
    }
  }

  private async raise(request: HttpRequest, id: string, eventName: string): Promise<HttpAnswer> {
    const instance = this.options.management.find(id);
    if (instance === null) return emptyAnswer(404);
    if (isFinal(instance.status)) return emptyAnswer(410);
    const mediaType = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
    if (mediaType !== "application/json") {
      return problem(400, "Only application/json request content is supported");
    }
    const text = Buffer.from(request.body ?? new Uint8Array(0)).toString("utf8");
    const wrong = jsonProblem(text);
    const inputJson = wrong === null ? JSON.stringify(JSON.parse(text)) : null;
    this.options.lint.raised(id, eventName, inputJson);
    if (wrong !== null || inputJson === null) return problem(400, "Invalid JSON content", wrong);
    return changed(await this.options.management.raise(id, eventName, inputJson), id, "raise");
  }

  private async rewind(id: string, reason: string | null): Promise<HttpAnswer> {
    const outcome = await this.options.management.rewind(id, reason);
    if (outcome.kind === "missing") {
      // The stray $ is the extension's.
      return jsonAnswer(404, `No orchestration with instance ID "$${id}" found.`);
    }
    if (outcome.kind === "accepted") return emptyAnswer(202);
    const text = `This orchestration has status ${outcome.status}, but only orchestrations in the "Failed" state can be rewound.`;
    return jsonAnswer(412, text);
  }

  private async restart(request: HttpRequest, id: string): Promise<HttpAnswer> {
    const withNewId =
      queryValue(request.url, "restartWithNewInstanceId")?.toLowerCase() !== "false";
    const outcome = await this.options.management.restart(id, withNewId);
    switch (outcome.kind) {
      case "missing":
        return restartOfMissing(id);
      case "exists":
        return restartOfRunning(outcome.status);
      case "accepted":
        return this.startedOrFinished(request, outcome.instanceId);
      default:
        return outcome satisfies never;
    }
  }

  private async purge(id: string): Promise<HttpAnswer> {
    const outcome = await this.options.management.purge(id);
    if (outcome.kind === "missing") return emptyAnswer(404);
    if (outcome.kind === "accepted") return jsonAnswer(200, { instancesDeleted: 1 });
    return jsonAnswer(
      412,
      `Only orchestrations in a terminal state can be purged, but the orchestration with instance ID ${id} has status ${outcome.status}`,
    );
  }

  private async purgeBy(request: HttpRequest): Promise<HttpAnswer> {
    const filter = filterFrom(request);
    if (filter.from === null) {
      return jsonAnswer(400, "Please provide value for 'createdTimeFrom' parameter.");
    }
    const instancesDeleted = await this.options.management.purgeBy(filter);
    return instancesDeleted === 0 ? emptyAnswer(404) : jsonAnswer(200, { instancesDeleted });
  }

  /** Answers at once, or waits as long as the caller asked for the instance to end. */
  private async startedOrFinished(request: HttpRequest, id: string): Promise<HttpAnswer> {
    const timeout = seconds(request, "timeout");
    const interval = seconds(request, "pollingInterval");
    if (timeout !== null && interval !== null) {
      if (interval > timeout) {
        return problem(
          400,
          `Total timeout ${timeout / 1000} should be bigger than retry timeout ${interval / 1000}`,
        );
      }
      const answer = await this.waitFor(request, id, timeout, interval);
      if (answer !== null) return answer;
    }
    const links = checkStatusLinks(request.url.origin, id, this.options.hub);
    const location = ["location", links.statusQueryGetUri ?? ""] as const;
    return jsonAnswer(202, links, [location, ["retry-after", "10"]]);
  }

  private async waitFor(
    request: HttpRequest,
    id: string,
    timeoutMs: number,
    intervalMs: number,
  ): Promise<HttpAnswer | null> {
    const { clock, agenda, management } = this.options;
    const deadlineAt = clock.now() + timeoutMs;
    for (;;) {
      const instance = management.find(id);
      if (instance?.status === "Completed") return jsonAnswer(200, jsonOrText(instance.outputText));
      if (instance !== null && isFinal(instance.status))
        return statusAnswer(this.options.management, request, id);
      const leftMs = deadlineAt - clock.now();
      if (leftMs <= 0) return null;
      await agenda.wait(Math.min(leftMs, intervalMs));
    }
  }
}

/** The extension decodes the path as a whole: an escaped slash is a slash, a plus a blank. */
function decodePath(path: string): string[] {
  const text = path.replaceAll("+", " ");
  let decoded = text;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    // What cannot be decoded stays as it is.
  }
  const segments = decoded.replace(/^\/+|\/+$/g, "").split("/");
  return segments.includes("") && segments.length > 1 ? ["?"] : segments;
}

function seconds({ url }: HttpRequest, name: string): number | null {
  const text = queryValue(url, name);
  if (text === null || text.trim() === "" || !Number.isFinite(Number(text))) return null;
  return Number(text) * 1000;
}
