// The very bundle that deploys, on hosts in processes of their own, through whole incidents: what came of them is
// read from the simulated Azure's own ledger. In real time, of which most is waiting.

import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { buildApp } from "../../cli/build-app.ts";
import { type Azurite, startAzurite } from "../contract/store-azurite.ts";
import { type Deployment, deployInWorld, until } from "./lived-through.ts";

vi.setConfig({ testTimeout: 450_000, hookTimeout: 60_000 });

const SETTINGS = fileURLToPath(new URL("../../local.settings.sample.json", import.meta.url));
/** A status costs a site some ten reads of its ledgers; a look at the world's own ledger costs nothing. */
const ASKED = { everyMs: 1_000, limitMs: 180_000 };
const WATCHED = { everyMs: 20, limitMs: 150_000 };

let folder: string;
let azurite: Azurite;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "geo-failover-lived-"));
  await buildApp(folder);
  // As `npm run build -- --func` does: settings for one site, which are those of nobody here.
  await copyFile(SETTINGS, join(folder, "local.settings.json"));
  azurite = await startAzurite();
});

afterAll(async () => {
  await azurite?.stop();
  await rm(folder, { recursive: true, force: true });
});

const Maybe = <T extends z.ZodRawShape>(shape: T) =>
  z.looseObject({ value: z.looseObject(shape).nullish() });
const Status = z.object({
  groups: z.tuple([
    z.looseObject({
      lastLook: Maybe({ result: z.string() }),
      keyPath: Maybe({ kind: z.string() }),
      incident: Maybe({ motorStatus: z.looseObject({ phase: z.string() }).nullish() }),
    }),
  ]),
});

async function groupAt({ statusOf }: Deployment, site: string) {
  return Status.safeParse(await statusOf(site)).data?.groups[0] ?? null;
}

/** Two sites of three run: the third is in the region that is about to be lost, and would end with it. */
async function settle(deployment: Deployment): Promise<void> {
  const sites = ["neu", "sec"];
  await Promise.all(sites.map((site) => deployment.start(site)));
  const waiting = new Set(sites);
  const isSettled = async (): Promise<boolean> => {
    for (const site of waiting) {
      const group = await groupAt(deployment, site);
      // The key is the business of the site that would act.
      const proven = site !== "neu" || group?.keyPath.value?.kind === "proven";
      if (proven && group?.lastLook.value?.result === "writes") waiting.delete(site);
    }
    return waiting.size === 0;
  };
  await until("both sites see a healthy group", isSettled, ASKED);
}

async function loseRegion({ served }: Deployment): Promise<void> {
  const body = JSON.stringify({ fault: "region-dark", region: "home" });
  const answer = await fetch(`${served.url}/faults`, { method: "POST", body });
  expect(answer.status).toBe(201);
}

async function waitUntilClosed({ served }: Deployment): Promise<void> {
  const { sent } = served.world.record;
  const closed = () => sent.some(({ event }) => event.type === "closed");
  await until("the incident is closed", closed, WATCHED);
}

/** By the ledger of the world, as whoever plays with it reads it. */
async function expectOneFailover({ served, said }: Deployment): Promise<void> {
  expect(said.filter((line) => !line.includes("lives here"))).toEqual([]);
  const ledger = await (await fetch(`${served.url}/ledger`)).json();
  expect(ledger).toMatchObject({
    posts: [{ kind: "forced", side: "partner", answer: "accepted" }],
    roles: [{ primary: "home" }, { primary: "partner", by: "us", kind: "forced" }],
  });
  const told = served.world.record.sent.map(({ event }) => event.type);
  expect(told).toEqual(expect.arrayContaining(["failed-over", "writable", "closed"]));
}

describe("a region is lost, and the app lives on in processes of its own", () => {
  const story = (
    name: string,
    account: string,
    meddle: (deployment: Deployment) => Promise<void>,
  ): void =>
    test.concurrent(name, async () => {
      const deployment = await deployInWorld(folder, azurite.connectionString(account));
      try {
        await settle(deployment);
        await loseRegion(deployment);
        await meddle(deployment);
        await waitUntilClosed(deployment);
        await expectOneFailover(deployment);
      } finally {
        await deployment.end();
      }
    });

  story("one request is sent, and the incident is closed", "siteneu", async () => undefined);

  story(
    "so it is when a host is stopped in a look, and the worker killed that has sent the request",
    "sitesec",
    async (deployment) => {
      const { posts } = deployment.served.world.record;
      const looks = async (): Promise<boolean> => {
        const incident = (await groupAt(deployment, "neu"))?.incident.value ?? null;
        return incident?.motorStatus?.phase === "looking";
      };
      await until("the motor looks", looks, ASKED);
      await deployment.stop("neu");
      expect(posts).toEqual([]);
      await deployment.start("neu");
      await until("the request is sent", () => posts.length > 0, WATCHED);
      await deployment.killWorker(posts[0]?.from ?? "");
    },
  );
});
