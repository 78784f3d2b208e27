import type { RegisteredFunction } from "./worker.ts";

export interface NameCheck {
  accepted: readonly RegisteredFunction[];
  refused: readonly string[];
  /** A clash that stops the whole host, or null. */
  fatal: string | null;
}

/** Sorts out functions the way the host does: a bad name costs one function, a clash costs all. */
export function checkNames(functions: readonly RegisteredFunction[]): NameCheck {
  const valid = (name: string): boolean =>
    /^[A-Za-z][\w-]{0,127}$/.test(name) && name.toLowerCase() !== "host";
  const accepted = functions.filter(({ name }) => valid(name));
  const refused = functions
    .filter(({ name }) => !valid(name))
    .map(
      ({ name }) => `The '${name}' function is in error: '${name}' is not a valid function name.`,
    );
  const seen = new Set<string>();
  const clash = accepted.find(({ name }) => {
    const known = seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    return known;
  });
  const fatal =
    clash === undefined
      ? null
      : `Method overloads are not supported. There are multiple methods with the name 'Host.Functions.${clash.name}'.`;
  return { accepted, refused, fatal };
}
