// The words of failures as the host and the extension print them, .NET exceptions included.

import { timeSpan } from "./time-span.ts";
import type { Invoked } from "./worker-slot.ts";

const SECRETS = [
  "Token=",
  "DefaultEndpointsProtocol=http",
  "AccountKey=",
  "Data Source=",
  "Server=",
  "Password=",
  "pwd=",
  "&amp;sig=",
  "&sig=",
  "?sig=",
  "SharedAccessKey=",
  "&amp;code=",
  "&code=",
  "?code=",
  "key=",
];

/** Removes what looks like a credential, up to the next quote or tag. */
function sanitize(text: string): string {
  let clean = text;
  for (const token of SECRETS) clean = sanitizeToken(clean, token.toLowerCase());
  return clean;
}

function sanitizeToken(text: string, token: string): string {
  const lower = text.toLowerCase();
  let out = "";
  let from = 0;
  for (let at = lower.indexOf(token); at >= 0; at = lower.indexOf(token, from)) {
    const rest = text.slice(at).search(/[<"']/);
    out += `${text.slice(from, at)}[Hidden Credential]`;
    from = rest < 0 ? text.length : at + rest;
  }
  return out + text.slice(from);
}

const SCRIPT = "Microsoft.Azure.WebJobs.Script";
const EXECUTORS = "Microsoft.Azure.WebJobs.Host.Executors";
const EXECUTOR = `${EXECUTORS}.FunctionExecutor`;
const SOURCE = "/_/src/Microsoft.Azure.WebJobs.Host/Executors/FunctionExecutor.cs";

const INVOKE_WITH_TIMEOUT = `   at ${EXECUTOR}.InvokeWithTimeoutAsync(IFunctionInvoker invoker, ParameterHelper parameterHelper, CancellationTokenSource timeoutTokenSource, CancellationTokenSource functionCancellationTokenSource, Boolean throwOnTimeout, TimeSpan timerInterval, IFunctionInstance instance) in ${SOURCE}:line`;
const EXECUTE_FRAMES = [
  `   at ${EXECUTOR}.ExecuteWithWatchersAsync(IFunctionInstanceEx instance, ParameterHelper parameterHelper, ILogger logger, CancellationTokenSource functionCancellationTokenSource) in ${SOURCE}:line 536`,
  `   at ${EXECUTOR}.ExecuteWithLoggingAsync(IFunctionInstanceEx instance, FunctionStartedMessage message, FunctionInstanceLogEntry instanceLogEntry, ParameterHelper parameterHelper, ILogger logger, CancellationToken cancellationToken) in ${SOURCE}:line 315`,
];

const INVOKE_STACK = [
  `   at ${SCRIPT}.Description.WorkerFunctionInvoker.InvokeCore(Object[] parameters, FunctionInvocationContext context) in /src/WebJobs.Script/Description/Workers/WorkerFunctionInvoker.cs:line 101`,
  `   at ${SCRIPT}.Description.FunctionInvokerBase.Invoke(Object[] parameters) in /src/WebJobs.Script/Description/FunctionInvokerBase.cs:line 82`,
  `   at ${SCRIPT}.Description.FunctionGenerator.Coerce[T](Task\`1 src) in /src/WebJobs.Script/Description/FunctionGenerator.cs:line 225`,
  `   at ${EXECUTORS}.FunctionInvoker\`2.InvokeAsync(Object instance, Object[] arguments)`,
  `${INVOKE_WITH_TIMEOUT} 590`,
  ...EXECUTE_FRAMES,
].join("\n");

const TIMEOUT_STACK = [
  `   at ${EXECUTOR}.TryHandleTimeoutAsync(Task invokeTask, CancellationToken shutdownToken, Boolean throwOnTimeout, CancellationToken timeoutToken, TimeSpan timeoutInterval, IFunctionInstance instance, Action onTimeout) in ${SOURCE}:line 672`,
  `${INVOKE_WITH_TIMEOUT} 580`,
  ...EXECUTE_FRAMES,
  `   at ${EXECUTOR}.TryExecuteAsync(IFunctionInstance functionInstance, CancellationToken cancellationToken) in ${SOURCE}:line 113`,
].join("\n");

/** The stack a failed orchestrator carries to its parent. */
export const ORCHESTRATOR_STACK =
  "   at System.Threading.Tasks.Task.ThrowIfExceptional(Boolean includeTaskCanceledExceptions)\n" +
  "   at Microsoft.Azure.WebJobs.Extensions.DurableTask.TaskOrchestrationShim.InvokeUserCodeAndHandleResults(RegisteredFunctionInfo orchestratorInfo, OrchestrationContext innerContext) in /_/src/WebJobs.Extensions.DurableTask/Listener/TaskOrchestrationShim.cs:line 148";

const NO_DATA = { $type: "System.Collections.ListDictionaryInternal, System.Private.CoreLib" };
const HRESULT = -2146233088;
const NO_REMOTE = { RemoteStackTraceString: null, RemoteStackIndex: 0, ExceptionMethod: null };

function systemException(message: string, inner: object | null): object {
  return {
    $type: "System.Exception, System.Private.CoreLib",
    ClassName: "System.Exception",
    Message: message,
    Data: null,
    InnerException: inner,
    HelpURL: null,
    StackTraceString: null,
    ...NO_REMOTE,
    HResult: HRESULT,
    Source: null,
    WatsonBuckets: null,
  };
}

const SCRIPT_TAIL = { HelpLink: null, Source: "System.Private.CoreLib", HResult: HRESULT };

function remoteException(message: string, stack: string): object {
  return systemException(` ${message}`, {
    $type: `${SCRIPT}.Workers.Rpc.RpcException, ${SCRIPT}`,
    IsUserException: false,
    RemoteStackTrace: stack,
    RemoteMessage: message,
    RemoteTypeName: null,
    Message: `Result: Failure\nException: ${message}\nStack: ${stack}`,
    Data: NO_DATA,
    InnerException: null,
    ...SCRIPT_TAIL,
    StackTrace: INVOKE_STACK,
  });
}

function workerExit(exit: string): object {
  return {
    $type: `${SCRIPT}.Workers.WorkerProcessExitException, ${SCRIPT}`,
    Message: exit,
    Data: NO_DATA,
    InnerException: systemException("", null),
    ...SCRIPT_TAIL,
    StackTrace: `${INVOKE_STACK}\n${INVOKE_STACK}`,
  };
}

function timeoutException(
  message: string,
  functionName: string,
  limit: string,
  id: string,
): object {
  return {
    $type: "Microsoft.Azure.WebJobs.Host.FunctionTimeoutException, Microsoft.Azure.WebJobs.Host",
    Timeout: limit,
    InstanceId: id,
    MethodName: `Functions.${functionName}`,
    Handled: false,
    ClassName: "Microsoft.Azure.WebJobs.Host.FunctionTimeoutException",
    Message: message,
    Data: null,
    InnerException: null,
    HelpURL: null,
    StackTraceString: TIMEOUT_STACK,
    ...NO_REMOTE,
    HResult: HRESULT,
    Source: "Microsoft.Azure.WebJobs.Host",
    WatsonBuckets: null,
  };
}

const NO_WORKER = "Did not find any initialized language workers";

/** Reason and details of an activity that did not return. */
export function activityFailure(
  functionName: string,
  outcome: Exclude<Invoked, { kind: "returned" }>,
  invocationId: string,
): { reason: string; details: string } {
  const head = `Activity function '${functionName}' failed: `;
  switch (outcome.kind) {
    case "threw": {
      // User code's own failures carry one blank more than those the host makes.
      const message = sanitize(outcome.message);
      // The stack is left as it is, secrets and all.
      const details = remoteException(message, outcome.stack);
      return { reason: `${head} ${message}`, details: JSON.stringify(details) };
    }
    case "worker-exited":
      return { reason: head + outcome.exit, details: JSON.stringify(workerExit(outcome.exit)) };
    case "no-worker":
      return {
        reason: head + NO_WORKER,
        details: JSON.stringify({
          ...systemException(NO_WORKER, null),
          $type: "System.InvalidOperationException, System.Private.CoreLib",
          ClassName: "System.InvalidOperationException",
        }),
      };
    case "timed-out": {
      const limit = timeSpan(outcome.limitMs);
      const message = `Timeout value of ${limit} was exceeded by function: Functions.${functionName}`;
      const details = timeoutException(message, functionName, limit, invocationId);
      return { reason: head + message, details: JSON.stringify(details) };
    }
    default:
      return outcome satisfies never;
  }
}

/** What a turn fails with when its worker was not there to the end. */
export function turnFailure(outcome: Exclude<Invoked, { kind: "returned" }>): string {
  switch (outcome.kind) {
    case "threw":
      return sanitize(outcome.message);
    case "worker-exited":
      return `One or more errors occurred. (${outcome.exit})`;
    case "no-worker":
      return `One or more errors occurred. (${NO_WORKER})`;
    case "timed-out":
      return `One or more errors occurred. (Timeout value of ${timeSpan(outcome.limitMs)} was exceeded)`;
    default:
      return outcome satisfies never;
  }
}
