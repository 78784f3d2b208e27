export type Path = readonly (string | number)[];

/** Something wrong at a path of the configuration, before it is known where that is in the file. */
export interface Complaint {
  readonly path: Path;
  /** Whether the key or its value is to be pointed at. */
  readonly on: "key" | "value";
  /** Names the check. */
  readonly because: string;
  readonly what: string;
  /** Completes "write …". */
  readonly write: string;
}

/** A complaint about a value. */
export function complain(path: Path, because: string, what: string, write: string): Complaint {
  return { path, on: "value", because, what, write };
}

/** Writes a path the way a reader would: `groups[0].home.region`. */
export function formatPath(path: Path): string {
  return path.map(formatStep).join("");
}

function formatStep(step: string | number, index: number): string {
  if (typeof step === "number") return `[${step}]`;
  // What does not look like a key may be a secret in the wrong place.
  const key = /^\w{1,40}$/.test(step) ? step : "(not shown)";
  return index === 0 ? key : `.${key}`;
}

/** The plain value at a path, or undefined where there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) {
      return undefined;
    }
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return value;
}
