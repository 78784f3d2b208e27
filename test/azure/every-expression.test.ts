// No regular expression of the deployed app may take longer than the text that it searches is long: each of them is
// run against texts made to keep it busy. Two open quantifiers that match the same text are found so.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { importsOf } from "../tidy/imports-of.ts";
import { ROOT, type SourceFile, sourceFile } from "../tidy/source-file.ts";

const LENGTH = 20_000;
/** A linear search takes a fraction of a millisecond; one that is quadratic two hundred at least. */
const MOST_MS = 60;

/** Every file of ours that the deployed app may load, also those that it loads when they are needed. */
function closureOf(entry: string): readonly SourceFile[] {
  const found = new Map([[entry, readSource(entry)]]);
  for (const file of found.values()) {
    for (const { kind, target } of importsOf(file)) {
      if (kind === "ours" && target.endsWith(".ts") && !found.has(target)) {
        found.set(target, readSource(target));
      }
    }
  }
  return [...found.values()];
}

function readSource(path: string): SourceFile {
  return sourceFile(path, readFileSync(`${ROOT}${path}`, "utf8"));
}

interface Found {
  readonly at: string;
  readonly expression: RegExp;
}

/** In the masked source an expression is two slashes with nothing between them. */
function literalsOf({ path, text, code }: SourceFile): readonly Found[] {
  return [...code.matchAll(/\/( +)\/([dgimsuvy]*)/g)].map((match) => {
    const start = match.index + 1;
    const source = text.slice(start, start + (match[1] ?? "").length);
    return { at: `${path}: /${source}/`, expression: new RegExp(source, match[2]) };
  });
}

/** Those that are put together from parts: taken down as the modules make them. */
async function builtBy(files: readonly SourceFile[]): Promise<readonly Found[]> {
  const built: Found[] = [];
  const RealRegExp = globalThis.RegExp;
  // Modules that another test has loaded already are evaluated once more.
  globalThis.RegExp = new Proxy(RealRegExp, {
    construct(target, args: [string, string?], newTarget) {
      const made: RegExp = Reflect.construct(target, args, newTarget);
      const maker = new Error().stack?.split("\n")[2] ?? "";
      if (!files.some(({ path }) => maker.includes(`/${path}`))) return made;
      built.push({ at: `built: ${made.source.slice(0, 60)}`, expression: made });
      return made;
    },
  });
  try {
    for (const { path } of files.filter(buildsOne)) {
      await import(`${pathToFileURL(`${ROOT}${path}`).href}?once-more`);
    }
  } finally {
    globalThis.RegExp = RealRegExp;
  }
  return built;
}

function buildsOne({ code }: SourceFile): boolean {
  return code.includes("new RegExp(");
}

/** Pieces of the expression itself, and what is neither here nor there. */
function unitsFor({ source }: RegExp): readonly string[] {
  const words = source
    .replaceAll("\\/", "/")
    .replaceAll("\\.", ".")
    .match(/[a-z0-9:/._-]{2,}/gi);
  const signs = [
    "a",
    "A",
    "0",
    "/",
    " ",
    "\t",
    "\n",
    "-",
    ".",
    "=",
    "&",
    "?",
    "<",
    "%",
    "_",
    ":",
    ",",
  ];
  return [...signs, "a.", "a-", "a/", "/a", "a=", "?a", "//", "x.y/", ...(words ?? []).slice(0, 8)];
}

function slowest({ expression }: Found): { readonly ms: number; readonly text: string } {
  const units = unitsFor(expression);
  const heads = ["", ...units.filter((unit) => unit.length > 2)];
  let worst = { ms: 0, text: "" };
  for (const head of heads) {
    for (const unit of units) {
      const long = head + unit.repeat(Math.ceil(LENGTH / unit.length));
      for (const tail of ["", "\u0001"]) {
        const ms = timed(expression, long + tail);
        if (ms > worst.ms) worst = { ms, text: `${head}(${JSON.stringify(unit)})…${tail}` };
        // It would only get worse.
        if (ms > MOST_MS) return worst;
      }
    }
  }
  return worst;
}

/** The best of some, in time of this process: what it takes, not what else the machine does. */
function timed(expression: RegExp, text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3 && best > MOST_MS / 4; run++) {
    const before = process.cpuUsage();
    text.replace(expression, "");
    best = Math.min(best, process.cpuUsage(before).user / 1_000);
  }
  return best;
}

const files = closureOf("functions/main.ts");

test("an expression that looks for an end from every place is found", () => {
  for (const expression of [/\/+$/, /\s+x/, /<[^>]*>/, /^.*a.*b$/]) {
    expect(slowest({ at: "", expression }).ms).toBeGreaterThan(MOST_MS);
  }
});

test("no expression takes longer than its text is long", async () => {
  const built = await builtBy(files);
  const found = [...files.flatMap(literalsOf), ...built];
  expect(files.map(({ path }) => path)).toContain("shared/azure/sql/session.ts");
  expect(built.length).toBeGreaterThanOrEqual(6);
  expect(found.length).toBeGreaterThan(90);
  const slow = found
    .map((one) => ({ ...one, ...slowest(one) }))
    .filter(({ ms }) => ms > MOST_MS)
    .map(({ at, ms, text }) => `${at}: ${Math.round(ms)} ms for ${text}`);
  expect(slow).toEqual([]);
}, 240_000);
