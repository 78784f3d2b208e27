import type { ArmError } from "./arm-call.ts";

/** An answer of Resource Manager before it is put on the wire. */
export interface ArmResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };
const READS_LEFT = {
  "x-ms-ratelimit-remaining-subscription-reads": "11999",
  "x-ms-ratelimit-remaining-subscription-global-reads": "16499",
};
const WRITES_LEFT = {
  "x-ms-ratelimit-remaining-subscription-writes": "799",
  "x-ms-ratelimit-remaining-subscription-global-writes": "11999",
};
const RETRY_AFTER_SECONDS = "10";

export function found(body: object): ArmResponse {
  return { status: 200, headers: { ...JSON_TYPE, ...READS_LEFT }, body: JSON.stringify(body) };
}

/** 202: nothing has happened yet, and these two URLs will tell when it has. */
export function accepted(
  id: string,
  urls: { readonly operation: string; readonly result: string },
  body: object | null,
): ArmResponse {
  return {
    status: 202,
    headers: {
      ...(body === null ? {} : JSON_TYPE),
      ...WRITES_LEFT,
      "azure-asyncoperation": urls.operation,
      location: urls.result,
      "retry-after": RETRY_AFTER_SECONDS,
      "x-ms-request-id": id,
    },
    body: body === null ? "" : JSON.stringify(body),
  };
}

/** The status of a long-running operation: always 200, whatever has become of it. */
export function polled(body: object): ArmResponse {
  const answer = found(body);
  return { ...answer, headers: { ...answer.headers, "retry-after": RETRY_AFTER_SECONDS } };
}

/** A result that is not there yet. */
export function notYet(url: string): ArmResponse {
  const headers = { ...READS_LEFT, location: url, "retry-after": RETRY_AFTER_SECONDS };
  return { status: 202, headers, body: "" };
}

export function empty(): ArmResponse {
  return { status: 200, headers: READS_LEFT, body: "" };
}

export function failed(error: ArmError): ArmResponse {
  const { status, code, message, failureCause, retryAfterSeconds } = error;
  if (code === null) {
    const headers = {
      server: "Microsoft-Azure-Application-Gateway/v2",
      "content-type": "text/html",
    };
    return { status, headers, body: message };
  }
  return {
    status,
    headers: {
      ...JSON_TYPE,
      ...(failureCause === null ? READS_LEFT : { "x-ms-failure-cause": failureCause }),
      ...(retryAfterSeconds === null ? {} : { "retry-after": String(retryAfterSeconds) }),
    },
    body: JSON.stringify({ error: { code, message } }),
  };
}

/** 404 of the SQL provider: the parent is there, the thing is not. */
export function notFoundByProvider(type: string, name: string): ArmResponse {
  const message = `The requested resource of type '${type}' with name '${name}' was not found.`;
  return failed({ ...blank, status: 404, code: "ResourceNotFound", message });
}

/** 404 of Resource Manager itself: the provider was not even asked. */
export function notFoundByGateway(type: string, resourceGroup: string): ArmResponse {
  const message = `The Resource '${type}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`;
  const code = "ResourceNotFound";
  return failed({ ...blank, status: 404, code, message, failureCause: "gateway" });
}

export function operationNotFound(id: string): ArmResponse {
  const message = `The operation with Id: '${id}' does not exist.`;
  return failed({ ...blank, status: 404, code: "OperationIdNotFound", message });
}

export function unauthorized(): ArmResponse {
  const answer = failed({
    ...blank,
    status: 401,
    code: "AuthenticationFailed",
    message: "Authentication failed. The 'Authorization' header is missing.",
    failureCause: "gateway",
  });
  const challenge =
    'Bearer authorization_uri="https://login.windows.net/", error="invalid_token", error_description="The access token is missing or invalid."';
  return { ...answer, headers: { ...answer.headers, "www-authenticate": challenge } };
}

export function invalidRequest(code: string, message: string): ArmResponse {
  return failed({ ...blank, status: 400, code, message });
}

const blank = { failureCause: null, retryAfterSeconds: null } as const;
