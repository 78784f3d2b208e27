import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { renderConfigurationReference } from "../../cli/render-configuration.ts";
import { renderConfigurationSchema } from "../../cli/render-schema.ts";

const fileOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("geo-failover.schema.json is what the schema says today", () => {
  expect(fileOf("geo-failover.schema.json")).toBe(renderConfigurationSchema());
});

test("docs/configuration.md is what the schema says today", () => {
  expect(fileOf("docs/configuration.md")).toBe(renderConfigurationReference());
});

test("the reference explains every key", () => {
  const unexplained = renderConfigurationReference()
    .split("\n")
    .filter((line) => /^\| `.*\|\s*\|$/.test(line));
  expect(unexplained).toEqual([]);
});

test("editors accept the sample, and refuse an unknown key in it", () => {
  const sample = fileOf("geo-failover.sample.yaml");
  const text = sample.replace("# probeTimeout: PT8S", "probeTimeout: PT2S");
  const schema = z.fromJSONSchema(JSON.parse(renderConfigurationSchema()));
  expect(schema.safeParse(parse(text)).success).toBe(true);
  expect(schema.safeParse(parse(text.replace("probeTimeout", "probetimeout"))).success).toBe(false);
});
