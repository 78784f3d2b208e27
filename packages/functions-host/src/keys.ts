import { type HttpRequest, queryValue } from "./http-message.ts";

/** The access keys of one host. */
export interface Keys {
  master: string;
  host: string;
  system: string;
}

function given(request: HttpRequest): string | null {
  return request.headers["x-functions-key"] ?? queryValue(request.url, "code");
}

/** Whether the caller may call a function of this level. */
export function mayCall(level: string, request: HttpRequest, keys: Keys): boolean {
  const key = given(request);
  switch (level) {
    case "anonymous":
      return true;
    case "function":
      return key === keys.host || key === keys.master;
    default:
      return key === keys.master;
  }
}

/** Null when the caller may use the durable web hooks, else the status to refuse with. */
export function webhookRefusal(request: HttpRequest, keys: Keys): 401 | 403 | null {
  const key = given(request);
  if (key === keys.system || key === keys.master) return null;
  // A key of the wrong kind is known, but not enough.
  return key === keys.host ? 403 : 401;
}
