import type { Answer } from "./answer.ts";

/** What a command was given. */
export interface Given {
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Command {
  /** One word, or two: `config check`. */
  readonly words: string;
  readonly takes: string;
  readonly says: string;
  readonly options: Readonly<Record<string, { readonly type: "string" | "boolean" }>>;
  /** How many operands it needs, exactly. */
  readonly operands: number;
  readonly run: (given: Given) => Answer | Promise<Answer>;
}
