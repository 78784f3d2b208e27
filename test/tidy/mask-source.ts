const OPENS_EXPRESSION =
  /(?:^|[=([{},;:!&|?+\-*%<>~^]|\b(?:return|typeof|case|in|of|void|await|yield))$/;

/**
 * TypeScript with the inside of every comment, string and regular expression blanked. Lines and
 * offsets stay, so that what is found here can be read there.
 */
export function maskSource(text: string): string {
  const out = [...text];
  const templates: number[] = [];
  let braces = 0;
  let before = "";
  let at = 0;

  const blank = (from: number, to: number): void => {
    for (let i = from; i < to; i++) if (out[i] !== "\n") out[i] = " ";
  };
  const skip = (end: number, trim: number, leaves: string): void => {
    blank(at + trim, Math.max(at + trim, end - trim));
    before = leaves;
    at = end;
  };
  const template = (from: number): void => {
    const end = endOfTemplate(text, from);
    blank(from, end.at);
    at = end.at + (end.kind === "hole" ? 2 : 1);
    if (end.kind === "hole") templates.push(braces);
    before = end.kind === "hole" ? "{" : "`";
  };

  while (at < text.length) {
    const char = text[at] ?? "";
    const two = text.slice(at, at + 2);
    if (two === "//") skip(endOf(text, "\n", at), 0, before);
    else if (two === "/*") skip(endOf(text, "*/", at + 2) + 2, 0, before);
    else if (char === '"' || char === "'") skip(endOfString(text, at, char), 1, char);
    else if (char === "`") template(at + 1);
    else if (char === "/" && OPENS_EXPRESSION.test(before)) skip(endOfRegExp(text, at), 1, "/");
    else if (char === "}" && templates.at(-1) === braces) {
      templates.pop();
      template(at + 1);
    } else {
      if (char === "{") braces++;
      if (char === "}") braces--;
      if (!/\s/.test(char)) before = `${before}${char}`.slice(-7);
      else if (/\w$/.test(before)) before = `${before.slice(-6)}`;
      at++;
    }
  }
  return out.join("");
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end === -1 ? text.length : end;
}

function endOfString(text: string, from: number, quote: string): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === quote || text[i] === "\n") return i + 1;
  }
  return text.length;
}

function endOfTemplate(text: string, from: number): { kind: "hole" | "end"; at: number } {
  for (let i = from; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "`") return { kind: "end", at: i };
    else if (text.startsWith("${", i)) return { kind: "hole", at: i };
  }
  return { kind: "end", at: text.length };
}

function endOfRegExp(text: string, from: number): number {
  let inClass = false;
  for (let i = from + 1; i < text.length; i++) {
    const char = text[i];
    if (char === "\\") i++;
    else if (char === "[") inClass = true;
    else if (char === "]") inClass = false;
    else if (char === "\n" || (char === "/" && !inClass)) return i + 1;
  }
  return text.length;
}
