// infra/app-settings.sample.json and local.settings.sample.json against what the code reads.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod";
import { readConfig } from "../../shared/config.ts";

const ROOT = new URL("../../", import.meta.url);
const textOf = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");

/** The shape that `az functionapp config appsettings set --settings @file` reads. */
const Sample = z.array(
  z.strictObject({ name: z.string(), value: z.string().min(1), slotSetting: z.literal(false) }),
);
const sample = Sample.parse(JSON.parse(textOf("infra/app-settings.sample.json")));
const named = sample.map(({ name }) => name);
const textAt = (name: string): string => sample.find((one) => one.name === name)?.value ?? "";

/** What the Functions host or its extensions read, and our code does not. */
const OF_THE_HOST = [
  "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
  "APPLICATIONINSIGHTS_CONNECTION_STRING",
  "AzureWebJobsStorage__blobServiceUri",
  "AzureWebJobsStorage__credential",
  "AzureWebJobsStorage__queueServiceUri",
];
/** What Flex Consumption refuses: one of these, and none of the settings of that call is taken. */
const REFUSED =
  /^(FUNCTIONS_(EXTENSION_VERSION|WORKER_RUNTIME|WORKER_PROCESS_COUNT|MAX_HTTP)|WEBSITE_|SCM_DO|ENABLE_ORYX|TZ$)/;
/** What our code reads and nobody sets in Azure. */
const NOT_IN_AZURE: Readonly<Record<string, string>> = {
  AzureWebJobsStorage: "holds an account key; for the emulator",
  AzureWebJobsStorage__accountName: "not enough for the host with a user-assigned identity",
  GEO_FAILOVER_STORE_: "holds an account key; for local runs",
  IDENTITY_ENDPOINT: "the platform sets it",
};
/** The site of the sample, and the others of the sample configuration. */
const SELF = "weu";

/** Names, and beginnings of names, that our code takes out of its environment. */
function readByTheCode(): readonly string[] {
  const files = ["functions", "orchestrations", "shared"].flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => `${folder}/${path}`),
  );
  const found = files.flatMap((file) =>
    [...textOf(file).matchAll(/\benv(?:\.(\w+)|\[`(\w+)\$\{)/g)].map(
      ([, name, beginning]) => name ?? beginning ?? "",
    ),
  );
  return [...new Set(found)].sort();
}

/** A name that ends in `_` stands for one setting per other site. */
function forSites(name: string): readonly string[] {
  if (!name.endsWith("_")) return [name];
  const config = sampleConfig({});
  const others = config.sites.filter((site) => site.name !== SELF);
  return others.map((site) => `${name}${site.name.toUpperCase()}`);
}

function sampleConfig(env: Readonly<Record<string, string>>) {
  // The webhook of the sample is an option at rest.
  const text = textOf("geo-failover.sample.yaml").replace(/^# (notify:| {2}webhook:)/gm, "$1");
  const known = { GEO_FAILOVER_WEBHOOK: "https://hooks.example.net/1", ...env };
  return readConfig({ path: "geo-failover.sample.yaml", text, self: SELF, env: known });
}

test("the sample names every setting that the code or the host needs in Azure, and no other", () => {
  const ofTheCode = readByTheCode().filter((name) => !(name in NOT_IN_AZURE));
  const wanted = [...ofTheCode.flatMap(forSites), "GEO_FAILOVER_WEBHOOK", ...OF_THE_HOST];
  expect(named).toEqual([...new Set(wanted)].sort(byName));
});

test("none of them is one that Flex Consumption refuses", () => {
  expect(named.filter((name) => REFUSED.test(name))).toEqual([]);
});

test("references into a vault are read in the name of the site's identity, which the app must be told", () => {
  const commands = textOf("infra/README.md");
  expect(commands).toMatch(/az functionapp update .*\n?.*keyVaultReferenceIdentity=/);
});

test("a setting that nobody sets in Azure is still read by somebody", () => {
  const unread = Object.keys(NOT_IN_AZURE).filter((name) => !readByTheCode().includes(name));
  expect(unread).toEqual([]);
});

test("the webhook has the name that the sample configuration looks for", () => {
  const { notify } = sampleConfig({ GEO_FAILOVER_WEBHOOK: "https://hooks.example.net/2" });
  expect(notify.webhook).toBe("https://hooks.example.net/2");
});

test("what opens something is a reference into a vault; the rest tells what to write", () => {
  for (const name of named.filter((one) => /_KEY_|WEBHOOK/.test(one))) {
    expect(textAt(name)).toMatch(/^@Microsoft\.KeyVault\(SecretUri=https:/);
  }
  expect(textAt("GEO_FAILOVER_SITE")).toBe(SELF);
  expect(sample.map(({ value }) => value).join(" ")).not.toMatch(
    /AccountKey|InstrumentationKey=\w/,
  );
});

test("the page for operators has a row for each of them", () => {
  const page = textOf("docs/run-on-azure.md");
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  const told = rows.join("\n").replace(/`__/g, "`AzureWebJobsStorage__");
  const missing = named.filter(
    (name) => !told.includes(`\`${name.replace(/^(GEO_FAILOVER_KEY_)\w+/, "$1<SITE>")}\``),
  );
  expect(missing.filter((name) => name !== "GEO_FAILOVER_WEBHOOK")).toEqual([]);
});

test("a local run takes its settings from the same names, and an emulator's account", () => {
  const local = z
    .strictObject({ IsEncrypted: z.literal(false), Values: z.record(z.string(), z.string()) })
    .parse(JSON.parse(textOf("local.settings.sample.json")));
  const names = Object.keys(local.Values);
  const known = [...named, ...Object.keys(NOT_IN_AZURE)];
  expect(names.filter((name) => !known.includes(name) && !REFUSED.test(name))).toEqual([]);
  expect(local.Values.AzureWebJobsStorage).toBe("UseDevelopmentStorage=true");
});

function byName(a: string, b: string): number {
  return a < b ? -1 : 1;
}
