import { expect } from "vitest";
import { ConfigError, type Problem } from "../../shared/config/config-error.ts";
import { readConfig } from "../../shared/config.ts";
import type { Config } from "../../shared/domain/group.ts";

const INSTANCES =
  "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/orders/providers/Microsoft.Sql/managedInstances";

/** A configuration that is only just permitted to act by itself. Tests change one thing in it. */
export const VALID = `sites:
  - { name: weu, region: westeurope, url: https://weu.example.net, reference: ref-weu.example.net:1433 }
  - { name: neu, region: northeurope, url: https://neu.example.net, reference: ref-neu.example.net:1433 }
  - { name: sec, region: swedencentral, url: https://sec.example.net, reference: ref-sec.example.net:1433 }
defaults:
  mode: automatic
  grace: PT3M
groups:
  - name: orders-fog
    home:
      instance: ${INSTANCES}/mi-orders-weu
      region: westeurope
      fqdn: mi-orders-weu.abc123.database.windows.net
    partner:
      instance: ${INSTANCES}/mi-orders-neu
      region: northeurope
      fqdn: mi-orders-neu.abc123.database.windows.net
    canary: { database: orders }
`;

/** A second group that uses the first one's home instance. */
export const SECOND_GROUP = `  - name: billing-fog
    home:
      instance: ${INSTANCES}/mi-billing-weu
      region: westeurope
      fqdn: mi-billing-weu.abc123.database.windows.net
    partner:
      instance: ${INSTANCES}/mi-billing-neu
      region: northeurope
      fqdn: mi-billing-neu.abc123.database.windows.net
    canary: { database: billing }
`;

/** Points at the place in a text where an error is expected; it is taken out before reading. */
export const HERE = "▸";

type Environment = Readonly<Record<string, string | undefined>>;

export function read(text: string, env: Environment = {}, self = "neu"): Config {
  return readConfig({ path: "geo-failover.yaml", text, self, env });
}

/** Puts one piece of the text in place of another, and insists that it was there. */
export function change(text: string, from: string, to: string): string {
  expect(text).toContain(from);
  return text.replace(from, () => to);
}

export function errorOf(text: string, env: Environment = {}, self = "neu"): ConfigError {
  try {
    read(text, env, self);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("Cannot find an error: the configuration is valid");
}

/** Reads a marked text and expects exactly one problem, at the mark. */
export function onlyProblem(marked: string, env: Environment = {}): Problem {
  const before = marked.slice(0, marked.indexOf(HERE)).split("\n");
  const { problems } = errorOf(marked.replace(HERE, ""), env);
  expect(problems).toHaveLength(1);
  const [problem] = problems;
  if (problem === undefined) throw new Error("Cannot find the problem: there is none");
  expect({ line: problem.line, column: problem.column }).toEqual({
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
  });
  return problem;
}
