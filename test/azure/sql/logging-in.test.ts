import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { dialTcp } from "../../../shared/azure/sql/dial.ts";
import { createSession } from "../../../shared/azure/sql/session.ts";
import { createSql } from "../../../shared/azure/sql.ts";
import { judgeLook } from "../../../shared/policy/evidence/judge-look.ts";
import { createSimulatedCredential } from "../../../simulator/azure/data/simulated-credential.ts";
import { createTdsService } from "../../../simulator/azure/tds/tds-service.ts";
import { createSqlBench, HOME, newWorld, runCall, SITE } from "./sql-bench.ts";

const target = { fqdn: HOME, timeoutMs: 8_000 };
const context = { referenceReached: "ok", stoodStill: false } as const;
const expiresOnTimestamp = Date.UTC(2030, 0, 1);

describe("who comes in", () => {
  test("a SQL login with its password", async () => {
    const login = { userName: "geo-failover", password: "Pässwörd 1" };
    const bench = await createSqlBench({
      tds: { logins: [login] },
      credential: { kind: "password", ...login },
    });
    const seen = await bench.run(bench.sql.look(target, "orders"));
    expect(judgeLook(seen, context).result).toBe("writes");
    await bench.close();
  });

  test("a SQL login also while no token is to be had", async () => {
    const login = { userName: "geo-failover", password: "right" };
    const bench = await createSqlBench({
      faults: [{ fault: "identity-down", at: 0, tokenGoodFor: 0 }],
      tds: { logins: [login] },
      credential: { kind: "password", ...login },
    });
    const seen = await bench.run(bench.sql.look(target, "orders"));
    expect(judgeLook(seen, context).result).toBe("writes");
    await bench.close();
  });

  test("not one with another: the server lives", async () => {
    const bench = await createSqlBench({
      tds: { logins: [{ userName: "geo-failover", password: "right" }] },
      credential: { kind: "password", userName: "geo-failover", password: "wrong" },
    });
    const seen = await bench.run(bench.sql.look(target, "orders"));
    expect(seen.login).toEqual({ kind: "error", number: 18456, code: "ELOGIN" });
    expect(judgeLook(seen, context).result).toBe("alive");
    await bench.close();
  });

  test("not another site's token", async () => {
    const getToken = async () => ({ token: "simulated-token-of-weu", expiresOnTimestamp });
    const bench = await createSqlBench({ credential: { kind: "token", credential: { getToken } } });
    const seen = await bench.run(bench.sql.look(target, "orders"));
    expect(judgeLook(seen, context)).toMatchObject({ result: "alive", code: "18456" });
    await bench.close();
  });

  test("a token that expires in the middle of the look: the server lives", async () => {
    const { world, clock } = newWorld();
    const service = createTdsService(world, SITE, {
      hold: (work) => clock.hold(work),
      spoil: (moment) => {
        if (moment === "login") world.inject({ fault: "identity-down", at: 0, tokenGoodFor: 0 });
        return null;
      },
    });
    const sql = createSql({
      credential: { kind: "token", credential: createSimulatedCredential(world, SITE) },
      clock,
      connect: { dial: service.dial, encryption: service.encryption },
      createSession,
    });
    const seen = await runCall(clock, sql.look(target, "orders"));
    expect(seen).toMatchObject({ login: { number: 18456 }, master: { kind: "no-token" } });
    expect(judgeLook(seen, context).result).toBe("alive");
    await service.close();
  });
});

describe("without a token nothing is opened", () => {
  test.each([
    ["the credential throws", () => Promise.reject(new Error("no identity here")), "not-obtained"],
    ["the credential has none", () => Promise.resolve(null), "not-obtained"],
    ["the credential hangs", () => new Promise<never>(() => undefined), "timed-out"],
  ])("%s: blind", async (_, getToken, why) => {
    const moments: string[] = [];
    const bench = await createSqlBench({
      credential: { kind: "token", credential: { getToken } },
      tds: {
        spoil: (moment) => {
          moments.push(moment);
          return null;
        },
      },
    });
    const startedAt = bench.clock.now();
    const seen = await bench.run(bench.sql.look(target, "orders"));
    expect(seen.login).toEqual({ kind: "no-token", code: `token-${why}` });
    expect(judgeLook(seen, context).result).toBe("blind");
    expect(bench.clock.now() - startedAt).toBeLessThanOrEqual(target.timeoutMs);
    expect(moments).toEqual([]);
    await bench.close();
  });

  test.each([
    [HOME, "https://database.windows.net/.default"],
    ["mi.abc.database.usgovcloudapi.net", "https://database.usgovcloudapi.net/.default"],
    ["mi.abc.database.chinacloudapi.cn", "https://database.chinacloudapi.cn/.default"],
  ])("%s: the token is for its cloud", async (fqdn, scope) => {
    const scopes: unknown[] = [];
    const getToken = async (asked: unknown) => {
      scopes.push(asked);
      return null;
    };
    const bench = await createSqlBench({ credential: { kind: "token", credential: { getToken } } });
    await bench.run(bench.sql.look({ ...target, fqdn }, null));
    expect(scopes).toEqual([scope]);
    await bench.close();
  });
});

describe("the way there", () => {
  test("a server that does not encrypt never sees the login", async () => {
    const { world, clock } = newWorld();
    const moments: string[] = [];
    const service = createTdsService(world, SITE, {
      encryption: "none",
      hold: (work) => clock.hold(work),
      spoil: (moment) => {
        moments.push(moment);
        return null;
      },
    });
    const sql = createSql({
      credential: { kind: "token", credential: createSimulatedCredential(world, SITE) },
      clock,
      connect: { dial: service.dial, encryption: { kind: "public" } },
      createSession,
    });
    const seen = await runCall(clock, sql.look(target, "orders"));
    expect(seen.login).toEqual({ kind: "unreachable", code: "EENCRYPT", said: "EENCRYPT" });
    expect(moments).toEqual(["prelogin"]);
    await service.close();
  });

  test("a certificate from nobody we know: no login, and the server lives", async () => {
    const { world, clock } = newWorld();
    const service = createTdsService(world, SITE, { hold: (work) => clock.hold(work) });
    const sql = createSql({
      credential: { kind: "token", credential: createSimulatedCredential(world, SITE) },
      clock,
      connect: { dial: service.dial, encryption: { kind: "public" } },
      createSession,
    });
    const seen = await runCall(clock, sql.look(target, "orders"));
    expect(seen.login).toEqual({
      kind: "unreachable",
      code: "tls",
      said: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
    expect(judgeLook(seen, context).result).toBe("alive");
    await service.close();
  });

  test("the client is loaded when it is first needed", async () => {
    const { world, clock } = newWorld();
    const service = createTdsService(world, SITE, { hold: (work) => clock.hold(work) });
    const sql = createSql({
      credential: { kind: "token", credential: createSimulatedCredential(world, SITE) },
      clock,
      connect: { dial: service.dial, encryption: service.encryption },
    });
    expect(await runCall(clock, sql.write(target, "orders"))).toBe(true);
    await service.close();
  });

  test.each([
    ["to-shut-port", "redirect-refused"],
    ["to-silence", "redirect-timed-out"],
  ] as const)(
    "a gateway that redirects %s: it took the login, and the instance does not serve",
    async (redirects, code) => {
      const bench = await createSqlBench({ tds: { redirects } });
      const seen = await bench.run(bench.sql.look(target, "orders"));
      expect(judgeLook(seen, context)).toMatchObject({ result: "not-serving", code });
      expect(await bench.run(bench.sql.updateability(target))).toMatchObject({
        because: "unreachable",
      });
      await bench.close();
    },
  );

  test("a redirect is followed to the node, under the node's own name", async () => {
    const bench = await createSqlBench({ tds: { redirects: true } });
    const seen = await bench.run(bench.sql.look(target, "orders"));
    expect(judgeLook(seen, context).result).toBe("writes");
    await bench.close();
  });

  test("a shut port is a refused connection", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await new Promise((resolve) => server.close(resolve));
    const dialled = dialTcp({ host: "127.0.0.1", port }, new AbortController().signal);
    await expect(dialled).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("an open port is connected to, and given up on abort", async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const socket = await dialTcp({ host: "127.0.0.1", port }, new AbortController().signal);
    expect(socket.remotePort).toBe(port);
    socket.destroy();
    await expect(dialTcp({ host: "127.0.0.1", port }, AbortSignal.abort())).rejects.toThrow(
      "given up",
    );
    server.close();
  });
});
