// No regular expression over text of the outside may take longer than that text is long: each of them is
// run against texts made to keep it busy. Two open quantifiers that match the same text are found so.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const ROOMS = ["shared/azure", "shared/alerts", "shared/config", "functions/http"];
const ROOT = new URL("../../", import.meta.url);
const LENGTH = 20_000;
/** A linear search takes a fraction of a millisecond; one that is quadratic two hundred at least. */
const MOST_MS = 60;

function filesOf(room: string): readonly string[] {
  return readdirSync(new URL(room, ROOT), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${room}/${name}`);
}

const LITERAL =
  /(?:[=(,:[?&|!]|return|=>)\s*\/((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/g;

interface Found {
  readonly at: string;
  readonly expression: RegExp;
}

function literalsOf(path: string): readonly Found[] {
  const text = readFileSync(new URL(path, ROOT), "utf8").replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, "");
  return [...text.matchAll(LITERAL)].map(([, source = "", flags = ""]) => ({
    at: `${path}: /${source}/${flags}`,
    expression: new RegExp(source, flags),
  }));
}

/** Those that are put together from parts: taken down as the modules make them. */
async function builtBy(paths: readonly string[]): Promise<readonly Found[]> {
  const built: Found[] = [];
  const RealRegExp = globalThis.RegExp;
  // Modules that another test has loaded already are evaluated once more.
  globalThis.RegExp = new Proxy(RealRegExp, {
    construct(target, args: [string, string?], newTarget) {
      const made: RegExp = Reflect.construct(target, args, newTarget);
      const maker = new Error().stack?.split("\n")[2] ?? "";
      if (!ROOMS.some((room) => maker.includes(`/${room}/`))) return made;
      built.push({ at: `built: ${made.source.slice(0, 60)}`, expression: made });
      return made;
    },
  });
  try {
    for (const path of paths) await import(`${new URL(path, ROOT).href}?once-more`);
  } finally {
    globalThis.RegExp = RealRegExp;
  }
  return built;
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

/** The best of some: what it takes, not what else the machine does. */
function timed(expression: RegExp, text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3 && best > MOST_MS / 4; run++) {
    const startedAt = performance.now();
    text.replace(expression, "");
    best = Math.min(best, performance.now() - startedAt);
  }
  return best;
}

const paths = ROOMS.flatMap(filesOf);

test("an expression that looks for an end from every place is found", () => {
  for (const expression of [/\/+$/, /\s+x/, /<[^>]*>/, /^.*a.*b$/]) {
    expect(slowest({ at: "", expression }).ms).toBeGreaterThan(MOST_MS);
  }
});

test("no expression over text of the outside takes longer than the text is long", async () => {
  const built = await builtBy(paths);
  const found = [...paths.flatMap(literalsOf), ...built];
  expect(built.length).toBeGreaterThanOrEqual(6);
  expect(found.length).toBeGreaterThan(60);
  const slow = found
    .map((one) => ({ ...one, ...slowest(one) }))
    .filter(({ ms }) => ms > MOST_MS)
    .map(({ at, ms, text }) => `${at}: ${Math.round(ms)} ms for ${text}`);
  expect(slow).toEqual([]);
}, 240_000);
