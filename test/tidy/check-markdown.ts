import { existsSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { type Breach, ROOT, type SourceFile } from "./source-file.ts";

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;

/** Pages without exactly one title, and links to what is not there. */
export function checkMarkdown(files: readonly SourceFile[]): readonly Breach[] {
  const pages = files.filter(({ path }) => path.endsWith(".md"));
  const anchors = new Map(pages.map((page) => [page.path, anchorsOf(page.text)]));
  return pages.flatMap((page) => {
    const prose = withoutCode(page.text);
    const titles = prose.split("\n").filter((line) => line.startsWith("# ")).length;
    const broken = [...prose.matchAll(LINK)]
      .map((match) => match[1] ?? "")
      .filter((to) => !/^[a-z]+:/.test(to) && !resolves(page.path, to, anchors));
    return [
      ...(titles === 1 ? [] : [`${page.path} has ${titles} titles`]),
      ...broken.map((to) => `${page.path} links to ${to}, which is not there`),
    ];
  });
}

function resolves(
  from: string,
  to: string,
  anchors: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const [file = "", anchor] = to.split("#");
  const target = file === "" ? from : join(dirname(from), file);
  const known = anchors.get(target);
  if (known === undefined && !existsSync(`${ROOT}${target}`)) return false;
  return anchor === undefined || known === undefined || known.has(anchor);
}

/** Anchors as GitHub makes them of headings. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = withoutCode(text).matchAll(/^#+ (.*)$/gm);
  return new Set([...headings].map((match) => anchorOf(match[1] ?? "")));
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replace(/ /g, "-");
}

function withoutCode(text: string): string {
  return text.replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
}
