import type { Breach, SourceFile } from "./source-file.ts";

const ROW = /^\| *((?:I|L)\d+[a-z]?) *\|(.*)\|$/gm;
const WANTED = [...ids("I", 14), "I19", ...ids("L", 5)];

/**
 * Invariants and bounds of docs/spec.md that are missing, that name no code or no test ("not yet"
 * will do), or that name files that are not there.
 */
export function checkSpec(files: readonly SourceFile[]): readonly Breach[] {
  const spec = files.find(({ path }) => path === "docs/spec.md")?.text ?? "";
  const paths = files.map(({ path }) => path);
  const rows = [...spec.matchAll(ROW)].map(([, id = "", cells = ""]) => ({ id, cells }));
  const missing = WANTED.filter((id) => !rows.some((row) => row.id === id));
  return [
    ...missing.map((id) => `${id} has no row in docs/spec.md`),
    ...rows.flatMap(({ id, cells }) => checkRow(id, cells, paths)),
  ];
}

function checkRow(id: string, cells: string, paths: readonly string[]): readonly Breach[] {
  const [code = "", proof = ""] = cells.split("|").slice(-2);
  const named = [...`${code} ${proof}`.matchAll(/`([\w./-]+\/[\w./-]*)`/g)].map((m) => m[1] ?? "");
  const gone = named.filter((name) => !paths.some((path) => path === name || isIn(path, name)));
  const hollow = [
    ["code", code, "shared|orchestrations|functions|simulator"],
    ["test", proof, "test"],
  ].filter(([, cell = "", folders]) => !new RegExp(`\`(${folders})/|\\bnot yet\\b`).test(cell));
  return [
    ...gone.map((name) => `${id} names ${name}, which is not there`),
    ...(gone.length > 0 ? [] : hollow.map(([what]) => `${id} names no ${what}`).slice(0, 1)),
  ];
}

function isIn(path: string, folder: string): boolean {
  return folder.endsWith("/") && path.startsWith(folder);
}

function ids(letter: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
}
