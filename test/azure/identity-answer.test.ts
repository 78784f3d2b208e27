// Alone in its process: the SDK keeps the first transport that it is given for all identities to come.

import { expect, test } from "vitest";
import { createAzureCredential } from "../../shared/azure/identity/azure-credential.ts";
import { answering } from "./answering.ts";

test("an answer without end of the identity endpoint is no token", async () => {
  const { httpClient, sent } = answering(() => ({
    status: 200,
    body: `[${"0,".repeat(2_000_000)}0]`,
  }));
  const who = { kind: "managed-identity", clientId: null } as const;
  const identity = createAzureCredential(who, httpClient);
  await expect(identity.getToken("https://management.azure.com/.default")).rejects.toThrow();
  expect(sent).not.toEqual([]);
});
