import { azureWord } from "../presentable.ts";

/** What a failed request to a table came to. */
export interface TableFailure {
  /** Null: there was no answer. */
  readonly status: number | null;
  /** A word of the service or the network; never an address. */
  readonly code: string;
}

/** Reads what the SDK threw, without its text: that may carry addresses. */
export function tableFailure(error: unknown): TableFailure {
  const status = field(error, "statusCode");
  const odata = field(field(error, "details"), "odataError");
  const code =
    azureWord(field(odata, "code")) ??
    azureWord(field(error, "code")) ??
    (error instanceof Error ? azureWord(error.name) : null);
  return {
    status: typeof status === "number" ? status : null,
    code: code ?? "no-answer",
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
