import type { Aside } from "../shared/text/show-progress.ts";
import type { Answer } from "./answer.ts";

/** Where the answer is shown. */
export interface Terminal {
  readonly colour: boolean;
  /** Where somebody may watch while it is made; null where nobody does. */
  readonly aside: Aside | null;
}

/** What a command was given. */
export interface Given {
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
}

export interface Command {
  /** One word, or two: `config check`. */
  readonly words: string;
  readonly takes: string;
  readonly says: string;
  /** More than a line can say, for `--help` of this command. */
  readonly explains?: string;
  readonly options: Readonly<Record<string, { readonly type: "string" | "boolean" }>>;
  /** How many operands it needs, exactly; `some` is one or more. */
  readonly operands: number | "some";
  readonly run: (given: Given) => Answer | Promise<Answer>;
}
