/** What one code of a reason means to the person who reads it. Codes are API. */
export interface ReasonRow {
  readonly code: string;
  readonly means: string;
  /** What its values hold, by name. Names that end in `Ms` are milliseconds, in `At` epoch milliseconds. */
  readonly values: Readonly<Record<string, string>>;
  /** What an operator does next. */
  readonly next: string;
}
