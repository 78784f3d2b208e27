const WIDTH = 80;
const INDENT = "  ";

/** Lines of at most eighty characters, broken between words; what goes on is indented. A longer word stays whole. */
export function wrapLines(lines: readonly string[]): string {
  return lines.flatMap(wrap).join("\n");
}

function wrap(line: string): readonly string[] {
  const broken: string[] = [];
  let rest = line;
  while (rest.length > WIDTH) {
    const at = rest.lastIndexOf(" ", WIDTH);
    if (at <= INDENT.length) break;
    broken.push(rest.slice(0, at));
    rest = `${INDENT}${rest.slice(at + 1)}`;
  }
  return [...broken, rest];
}
