// npm run docs: writes every generated file, and says which have changed. With `-- PATH…` only those: README.md
// wants a whole run of the demo, which takes a while.

import { readFileSync, writeFileSync } from "node:fs";
import { fillSession, playSession } from "./fill-session.ts";
import { GENERATED } from "./generated-files.ts";

const README = "README.md";
const named = process.argv.slice(2);
const wanted = (path: string): boolean => named.length === 0 || named.includes(path);

for (const [path, render] of GENERATED) if (wanted(path)) write(path, render());
if (wanted(README)) {
  const page = read(README);
  write(README, fillSession(page, playSession(page)));
}

function write(path: string, fresh: string): void {
  if (fresh === read(path)) return;
  writeFileSync(at(path), fresh);
  process.stdout.write(`written: ${path}\n`);
}

function read(path: string): string {
  return readFileSync(at(path), "utf8");
}

function at(path: string): URL {
  return new URL(`../${path}`, import.meta.url);
}
