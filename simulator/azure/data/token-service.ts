import type { ArmResponse } from "../arm/arm-responses.ts";
import { json, type WireReply, type WireRequest } from "../arm/wire-reply.ts";
import { tokenGoodForMs } from "../world/tokens.ts";
import type { Vantage, World } from "../world/world.ts";

const IMDS_HOST = "169.254.169.254";
const APP_SERVICE_PATH = "/msi/token";
const TAKES_MS = 20;

export function asksToken({ url }: WireRequest): boolean {
  return url.hostname === IMDS_HOST || url.pathname === APP_SERVICE_PATH;
}

/** The token endpoint of a site: App Service's own, or the one of a machine. It is local: no network. */
export async function answerToken(
  world: World,
  vantage: Vantage,
  request: WireRequest,
): Promise<WireReply> {
  world.now();
  await world.wait(TAKES_MS);
  const appService = request.url.pathname === APP_SERVICE_PATH;
  return {
    kind: "answer",
    ...(appService ? ofAppService : ofMachine)(world, vantage, request),
  };
}

function ofAppService(world: World, vantage: Vantage, request: WireRequest): ArmResponse {
  const resource = request.url.searchParams.get("resource");
  const goodForMs = tokenGoodForMs(world, vantage);
  if (request.header("x-identity-header") === null || resource === null) {
    return json(400, { statusCode: 400, message: "Bad request." });
  }
  if (goodForMs === null) {
    const correlationId = world.guid("token-correlation");
    const message = "An unexpected error occured while fetching the AAD Token.";
    return json(500, { statusCode: 500, message, correlationId });
  }
  const { expires_on, ...token } = tokenBody(world, vantage, resource, goodForMs);
  return json(200, { ...token, expires_on, client_id: world.guid("client") });
}

function ofMachine(world: World, vantage: Vantage, request: WireRequest): ArmResponse {
  const resource = request.url.searchParams.get("resource");
  const goodForMs = tokenGoodForMs(world, vantage);
  if (request.header("metadata") !== "true" || resource === null) {
    const error_description = "Required metadata header not specified";
    return json(400, { error: "invalid_request", error_description });
  }
  if (goodForMs === null) {
    const error_description = "The identity service did not answer";
    return json(503, { error: "server_error", error_description });
  }
  const body = tokenBody(world, vantage, resource, goodForMs);
  return json(200, {
    ...body,
    refresh_token: "",
    expires_in: String(Math.floor(goodForMs / 1_000)),
    not_before: String(Math.floor(world.at / 1_000)),
  });
}

/** All numbers are strings. */
function tokenBody(world: World, vantage: Vantage, resource: string, goodForMs: number) {
  return {
    access_token: `simulated-token-of-${vantage.name}`,
    expires_on: String(Math.floor((world.at + goodForMs) / 1_000)),
    resource,
    token_type: "Bearer",
  };
}
