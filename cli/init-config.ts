import { writeFileSync } from "node:fs";
import { readName, readRegion } from "../shared/config/names.ts";
import { type InstanceId, readInstanceId } from "../shared/config/resource-id.ts";
import type { Refusal } from "../shared/text/reading.ts";
import { type Answer, done, misused } from "./answer.ts";
import { createReads, directoryOf, reachAzure } from "./check/azure-reads.ts";
import type { Command, Given } from "./command.ts";
import { discover, type Sources } from "./init/discover.ts";
import { gapsIn, type Wishes, writeConfig } from "./init/write-config.ts";

const TAKES = "INSTANCE_ID INSTANCE_ID [--out FILE] [--offline]";
const EXPLAINS = `Reads what Azure tells of two instances and their group, under your own credentials (az login), and writes
a configuration in mode observe. What it could not find out stands there as "<...>", and config check
refuses it until it is filled in. An existing file is never touched.

  --group NAME           the failover group, where Azure does not tell it
  --third-region REGION  where the third site is to be
  --out FILE             else geo-failover.yaml
  --offline              asks nobody`;
const USAGE = `init ${TAKES}\n`;
const FILE_DEFAULT = "geo-failover.yaml";

/** `init`: a commented configuration to start from, made of two instance ids. */
export const initConfig: Command = {
  words: "init",
  takes: TAKES,
  says: "writes a commented configuration for the group of two instances",
  explains: EXPLAINS,
  options: {
    group: { type: "string" },
    "third-region": { type: "string" },
    out: { type: "string" },
    offline: { type: "boolean" },
  },
  operands: 2,
  run: (given: Given): Promise<Answer> => writeFirstConfig(given, sourcesIn(given)),
};

/** Writes the file, with what the sources tell. An existing file is never touched. */
export async function writeFirstConfig(
  { operands: [first = "", second = ""], options }: Pick<Given, "operands" | "options">,
  sources: Sources | null,
): Promise<Answer> {
  const ids = readIds(first, second);
  if (typeof ids === "string") return misused(ids, USAGE);
  const wishes = readWishes(options);
  if (typeof wishes === "string") return misused(wishes, USAGE);
  const path = textOf(options.out) ?? FILE_DEFAULT;
  const found = await discover(...ids, sources);
  const { home, partner } = found;
  if (wishes.thirdRegion !== null && [home.region, partner.region].includes(wishes.thirdRegion)) {
    const because = `Cannot use the third region: it is a region of the group: ${wishes.thirdRegion}`;
    return misused(because, USAGE);
  }
  const text = writeConfig(found, wishes);
  const failure = writeNew(path, text);
  if (failure !== null) return misused(failure, USAGE);
  const gaps = gapsIn(text);
  const lines = [
    `written: ${path}`,
    ...found.notes.map((note) => `not known: ${note}`),
    `${gaps.length} to fill in:`,
    ...gaps.map((gap) => `  ${gap}`),
    `then: npx geo-failover config check ${path}`,
  ];
  return done(`${lines.join("\n")}\n`);
}

function sourcesIn({ options, env }: Given): Sources | null {
  if (options.offline === true) return null;
  const reach = reachAzure(env);
  return { instances: createReads(reach).instances, directory: directoryOf(reach) };
}

function readIds(first: string, second: string): readonly [InstanceId, InstanceId] | string {
  const [a, b] = [readInstanceId(first), readInstanceId(second)];
  if (a.kind !== "ok") return refusalOf("instance id", a, first);
  if (b.kind !== "ok") return refusalOf("instance id", b, second);
  if (a.value.id.toLowerCase() === b.value.id.toLowerCase()) {
    return `Cannot make a group of one instance: both ids are the same: ${first}`;
  }
  return [a.value, b.value];
}

function readWishes(options: Given["options"]): Wishes | string {
  const [group, region] = [textOf(options.group), textOf(options["third-region"])];
  const name = group === null ? null : readName(group);
  if (name !== null && name.kind !== "ok") return refusalOf("group name", name, group ?? "");
  const third = region === null ? null : readRegion(region);
  if (third !== null && third.kind !== "ok") return refusalOf("third region", third, region ?? "");
  return { group: name?.value ?? null, thirdRegion: third?.value ?? null };
}

function refusalOf(what: string, refusal: Refusal, given: string): string {
  return `Cannot take the ${what}: ${refusal.what}: ${given}; write ${refusal.write}`;
}

/** Only where nothing is: the file of somebody else's work is not ours to replace. */
function writeNew(path: string, text: string): string | null {
  try {
    writeFileSync(path, text, { flag: "wx" });
    return null;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    if (code === "EEXIST") {
      return `Cannot write the configuration: there is a file already, which stays as it is: ${path}; name another with --out`;
    }
    return `Cannot write the configuration: ${code}: ${path}`;
  }
}

function textOf(value: string | boolean | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
