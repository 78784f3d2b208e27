/** No answer that says anything of what was asked. */
export interface Unread {
  readonly kind: "unknown";
  readonly because: string;
  /** Too much was asked: for so long it wants to be left alone. Absent for every other reason. */
  readonly throttledForMs?: number;
}
