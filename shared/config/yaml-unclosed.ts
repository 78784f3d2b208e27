type Opener = "[" | "{" | '"' | "'";

/** What closes what was opened. */
export const CLOSERS: Readonly<Record<Opener, string>> = { "[": "]", "{": "}", '"': '"', "'": "'" };

/** What people call them. */
export const NAMES: Readonly<Record<Opener, string>> = {
  "[": "a bracket",
  "{": "a brace",
  '"': "a quote",
  "'": "a quote",
};

interface Opened {
  readonly opener: Opener;
  readonly offset: number;
}

/**
 * What was opened last before `end` and is open there still. The parser tells of it where it lost its way,
 * which may be the end of the file.
 */
export function findUnclosed(text: string, end: number): Opened | null {
  const brackets: Opened[] = [];
  let quote: Opened | null = null;
  let before = "\n";
  for (let at = 0; at < end; at++) {
    const sign = text.charAt(at);
    if (quote !== null) {
      if (quote.opener === '"' && sign === "\\") at += 1;
      else if (sign === quote.opener) quote = null;
    } else if (sign === "#" && /\s/.test(before)) {
      const lineEnd = text.indexOf("\n", at);
      if (lineEnd === -1) break;
      at = lineEnd;
    } else if (isOpener(sign) && /[\s[{,:]/.test(before)) {
      if (sign === "[" || sign === "{") brackets.push({ opener: sign, offset: at });
      else quote = { opener: sign, offset: at };
    } else if (sign === "]" || sign === "}") {
      brackets.pop();
    }
    before = text.charAt(at);
  }
  return quote ?? brackets.at(-1) ?? null;
}

function isOpener(sign: string): sign is Opener {
  return sign in CLOSERS;
}
