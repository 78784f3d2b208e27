// Writes every generated file, and says which have changed.

import { readFileSync, writeFileSync } from "node:fs";
import { GENERATED } from "./generated-files.ts";

for (const [path, render] of GENERATED) {
  const at = new URL(`../${path}`, import.meta.url);
  const fresh = render();
  if (fresh === readFileSync(at, "utf8")) continue;
  writeFileSync(at, fresh);
  process.stdout.write(`written: ${path}\n`);
}
