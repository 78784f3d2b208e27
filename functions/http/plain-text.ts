import * as z from "zod";

/** Ends of lines and of texts, what steers a terminal, and what turns the direction of a line. */
const STEERING = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

/**
 * A text of outside that stands in logs, timelines and messages for people: a name, a reason. It is one
 * line, and what could forge another is refused by its code point. Blanks around it are cut off.
 */
export function plainText(charactersMax: number): z.ZodString {
  return z
    .string()
    .superRefine((text, context) => {
      const found = STEERING.exec(text);
      if (found === null) return;
      const point = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      context.addIssue({
        code: "custom",
        message: `write it in one line: the character U+${point} at ${found.index + 1} is not taken`,
      });
    })
    .trim()
    .min(1)
    .max(charactersMax);
}
