import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { read } from "./fixture.ts";

const SAMPLE = readFileSync(new URL("../../geo-failover.sample.yaml", import.meta.url), "utf8");
const ENV = { GEO_FAILOVER_WEBHOOK: "https://hooks.example.net/hush" };
/** An option at rest: a key, or an item of a list, behind "# ". Prose starts with a capital letter. */
const OPTION = /^( *)# ( *(?:[a-z]\w*:|- )(?!.*\$schema).*)$/;

interface Option {
  readonly name: string;
  readonly lines: number[];
}

const lines = SAMPLE.split("\n");
const options: Option[] = [];
for (const [index, line] of lines.entries()) {
  const text = OPTION.exec(line)?.[2];
  const last = options.at(-1);
  if (text?.startsWith(" ")) last?.lines.push(index);
  else if (text !== undefined) options.push({ name: text, lines: [index] });
}

function withOptions(chosen: readonly Option[]): string {
  const taken = new Set(chosen.flatMap((option) => option.lines));
  return lines
    .map((line, index) => (taken.has(index) ? line.replace(OPTION, "$1$2") : line))
    .join("\n");
}

test("the sample is valid as it stands, and only observes", () => {
  expect(read(SAMPLE).groups[0]?.policy.mode).toBe("observe");
});

test("the sample shows every kind of option", () => {
  expect(options.length).toBeGreaterThan(15);
});

test.each(options)("the sample is valid with its option $name", (option) => {
  const text = withOptions([option]);
  expect(text).not.toBe(SAMPLE);
  expect(read(text, ENV).groups).toHaveLength(1);
});

test("the sample is valid with all its options", () => {
  const config = read(withOptions(options), ENV);
  expect(config.notify.webhook).toBe(ENV.GEO_FAILOVER_WEBHOOK);
  expect(config.groups[0]).toMatchObject({ policy: { mode: "approve", applicationFloor: 0.5 } });
});

test("what the sample shows of the settings is what holds without it", () => {
  const shown = options.filter(({ name }) =>
    /^(tick|interval|probeTimeout|grace|grayGrace|lossBudget|cooldown|flapping|keyProof|approval|automatic):/.test(
      name,
    ),
  );
  expect(shown).toHaveLength(11);
  expect(read(withOptions(shown))).toEqual(read(SAMPLE));
});

test("editors are told of the schema in the first line", () => {
  expect(lines[0]).toBe("# yaml-language-server: $schema=./geo-failover.schema.json");
});
