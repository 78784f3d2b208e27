import type { HttpClient, PipelineRequest } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import * as z from "zod";
import { createAzureCredential } from "../shared/azure/identity/azure-credential.ts";

// The SDK takes a process for one machine with one identity: it keeps tokens for all of it, by the machine's
// clock, which simulated time has left, and goes on using the first transport that it was given. Several
// sites, and one simulation after the other, share this process.

/** Every question is asked as another identity; by its client id it finds its own site's way out. */
const asking = new Map<
  string,
  (request: PipelineRequest) => ReturnType<HttpClient["sendRequest"]>
>();
const TokenBody = z.object({ expires_on: z.coerce.number() });

const shared: HttpClient = {
  sendRequest: async (request) => {
    const id = new URL(request.url).searchParams.get("client_id") ?? "";
    const send = asking.get(id);
    if (send === undefined) throw new Error("Cannot send: nobody waits for this token");
    return send(request);
  },
};

let questions = 0;

/** The managed identity of one site, by the SDK's own credential. */
export function createManagedIdentity(site: string, httpClient: HttpClient): TokenCredential {
  return {
    getToken: async (scopes, options) => {
      const clientId = `${site}-${++questions}`;
      let expiresAt: number | null = null;
      asking.set(clientId, async (request) => {
        const answer = await httpClient.sendRequest(request);
        const body = TokenBody.safeParse(JSON.parse(answer.bodyAsText ?? "null"));
        if (body.success) expiresAt = body.data.expires_on * 1_000;
        return answer;
      });
      try {
        const credential = createAzureCredential({ kind: "managed-identity", clientId }, shared);
        const token = await credential.getToken(scopes, options);
        if (token === null) return null;
        // Its own sum is a second off where the machine's clock moves on between question and answer.
        return { ...token, expiresOnTimestamp: expiresAt ?? token.expiresOnTimestamp };
      } finally {
        asking.delete(clientId);
      }
    },
  };
}
