// Error answers of the durable HTTP API, .NET exceptions included.

import type { RuntimeStatus } from "./history.ts";
import { emptyAnswer, type HttpAnswer, jsonAnswer } from "./http-message.ts";
import type { ChangeOutcome } from "./management.ts";

const DURABLE = "Microsoft.Azure.WebJobs.Extensions.DurableTask";
const CLIENT_SOURCE =
  "/_/src/WebJobs.Extensions.DurableTask/ContextImplementations/DurableClient.cs";

/** A .NET exception as error bodies show it. */
export interface Exception {
  message: string;
  type: string;
  stack: string;
}

/** An error body. */
export function problem(
  status: number,
  message: string,
  exception: Exception | null = null,
): HttpAnswer {
  const details = exception && {
    ExceptionMessage: exception.message,
    ExceptionType: exception.type,
    StackTrace: exception.stack,
  };
  return jsonAnswer(status, { Message: message, ...details });
}

/** The answer to a change of an instance. */
export function changed(outcome: ChangeOutcome, id: string, operation: string): HttpAnswer {
  switch (outcome.kind) {
    case "accepted":
      return emptyAnswer(202);
    case "missing":
      return emptyAnswer(404);
    case "finished":
      return emptyAnswer(410);
    case "wrong-state": {
      const method = operation === "suspend" ? "SuspendAsync" : "ResumeAsync";
      const line = operation === "suspend" ? 416 : 438;
      return problem(500, "Something went wrong while processing your request", {
        message: `Cannot ${operation} the orchestration instance ${id} because instance is in the ${outcome.status} state.`,
        type: "System.InvalidOperationException",
        stack: `   at ${DURABLE}.DurableClient.${DURABLE}.IDurableOrchestrationClient.${method}(String instanceId, String reason) in ${CLIENT_SOURCE}:line ${line}`,
      });
    }
    default:
      return outcome satisfies never;
  }
}

/** The answer to a restart of what was never started. */
export function restartOfMissing(id: string): HttpAnswer {
  return problem(400, "InstanceId does not match a valid orchestration instance.", {
    message: `No instance with ID '${id}' was found. (Parameter 'instanceId')`,
    type: "System.ArgumentException",
    stack: `   at ${DURABLE}.DurableClient.GetOrchestrationInstanceStateAsync(TaskHubClient client, String instanceId) in ${CLIENT_SOURCE}:line 808`,
  });
}

/** The answer to a restart, under its own id, of what still runs. */
export function restartOfRunning(status: RuntimeStatus): HttpAnswer {
  return problem(409, "A non-terminal instance with this instance ID already exists.", {
    message: `An Orchestration instance with the status ${status} already exists.`,
    type: "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException",
    stack: `   at ${DURABLE}.DurableClient.RestartAsync(String instanceId, Boolean restartWithNewInstanceId)`,
  });
}
