import {
  type AccessToken,
  ChainedTokenCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from "@azure/identity";
import { describe, expect, test } from "vitest";
import { createAzureCredential } from "../../shared/azure/identity/azure-credential.ts";
import { createCachedCredential } from "../../shared/azure/identity/cached-credential.ts";
import { ownIds, whoWeAre } from "../../shared/azure/identity/who-we-are.ts";
import { createIdentity } from "../../shared/azure/identity.ts";
import { createLab, HOUR, MINUTE, SECOND } from "../contract/world-under-test.ts";

const SCOPE = "https://management.azure.com/.default";

function start() {
  const lab = createLab();
  let asked = 0;
  let behaviour: "answers" | "fails" | "hangs" | "says-nothing" = "answers";
  const credential: TokenCredential = {
    getToken: async (): Promise<AccessToken | null> => {
      asked += 1;
      if (behaviour === "fails") throw new Error("Cannot reach the identity endpoint");
      if (behaviour === "hangs") return new Promise(() => undefined);
      if (behaviour === "says-nothing") return null;
      return { token: `token-${asked}`, expiresOnTimestamp: lab.clock.now() + HOUR };
    },
  };
  const cached = createCachedCredential({ credential, clock: lab.clock });
  const identity = createIdentity({ credential: cached });
  return {
    pass: lab.pass,
    asked: () => asked,
    is: (next: typeof behaviour) => {
      behaviour = next;
    },
    goodForMs: () => lab.run(identity.tokenGoodForMs()),
    token: () => lab.run(cached.getToken(SCOPE)).then((token) => token?.token ?? null),
    several: () => lab.run(Promise.all([1, 2, 3].map(() => cached.getToken(SCOPE)))),
  };
}

describe("the token at hand", () => {
  test("is asked for once, and is then good for what is left of it", async () => {
    const { goodForMs, token, asked, pass } = start();
    expect(await goodForMs()).toBe(HOUR);
    expect(await token()).toBe("token-1");
    await pass(20 * MINUTE);
    expect(await goodForMs()).toBe(40 * MINUTE);
    expect(asked()).toBe(1);
  });

  test("is renewed ten minutes before its end", async () => {
    const { goodForMs, token, pass } = start();
    await goodForMs();
    await pass(50 * MINUTE);
    expect(await goodForMs()).toBe(HOUR);
    expect(await token()).toBe("token-2");
  });

  test.each(["fails", "hangs", "says-nothing"] as const)(
    "outlives an identity endpoint that %s, until it is used up",
    async (trouble) => {
      const { goodForMs, token, is, pass } = start();
      await goodForMs();
      is(trouble);
      await pass(53 * MINUTE);
      expect(await token()).toBe("token-1");
      const left = await goodForMs();
      expect(left).toBeGreaterThan(7 * MINUTE - 6 * SECOND);
      expect(left).toBeLessThanOrEqual(7 * MINUTE);
      await pass(8 * MINUTE);
      expect(await goodForMs()).toBeNull();
      await expect(token()).rejects.toThrow();
    },
  );

  test("is asked for at most once a minute while there is none", async () => {
    const { goodForMs, is, asked, pass } = start();
    is("fails");
    expect(await goodForMs()).toBeNull();
    await pass(59 * SECOND);
    expect(await goodForMs()).toBeNull();
    expect(asked()).toBe(1);
    is("answers");
    await pass(SECOND);
    expect(await goodForMs()).toBe(HOUR);
    expect(asked()).toBe(2);
  });

  test("is asked for once by several who need it at once", async () => {
    const { several, asked } = start();
    const tokens = await several();
    expect(new Set(tokens.map((token) => token?.token))).toEqual(new Set(["token-1"]));
    expect(asked()).toBe(1);
  });
});

describe("who we are", () => {
  test("is the identity that Azure gave the app, by the client id of its setting", () => {
    const IDENTITY_ENDPOINT = "http://127.0.0.1:41000/msi/token";
    expect(whoWeAre({ IDENTITY_ENDPOINT })).toEqual({ kind: "managed-identity", clientId: null });
    expect(whoWeAre({ IDENTITY_ENDPOINT, AzureWebJobsStorage__clientId: "of-storage" })).toEqual({
      kind: "managed-identity",
      clientId: "of-storage",
    });
    expect(
      whoWeAre({
        IDENTITY_ENDPOINT,
        AZURE_CLIENT_ID: "ours",
        AzureWebJobsStorage__clientId: "of-storage",
      }),
    ).toEqual({ kind: "managed-identity", clientId: "ours" });
  });

  test("is the developer elsewhere, whatever secrets the environment has", () => {
    const env = { AZURE_CLIENT_ID: "x", AZURE_CLIENT_SECRET: "y", AZURE_TENANT_ID: "z" };
    expect(whoWeAre(env)).toEqual({ kind: "developer" });
  });

  test("is known by its own ids and those of the other sites", () => {
    expect(ownIds({})).toEqual([]);
    expect(ownIds({ AZURE_CLIENT_ID: "a", GEO_FAILOVER_OWN_IDS: " b,c ,,a" })).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  test("comes with the credential of that kind and no other", () => {
    const inAzure = createAzureCredential({ kind: "managed-identity", clientId: "ours" });
    expect(inAzure).toBeInstanceOf(ManagedIdentityCredential);
    expect(createAzureCredential({ kind: "developer" })).toBeInstanceOf(ChainedTokenCredential);
  });
});
