// Route templates as ASP.NET reads them: parameters, constraints, optional parts, a catch-all at the end.

/** Matches a path, as segments still encoded; null when it is another route's. */
export type RouteMatcher = (segments: readonly string[]) => Record<string, string> | null;

type Check = (value: string) => boolean;

const CHECKS: Record<string, (argument: string) => Check> = {
  int: () => (v) => /^-?\d+$/.test(v) && Math.abs(Number(v)) <= 2 ** 31,
  long: () => (v) => /^-?\d+$/.test(v),
  bool: () => (v) => /^(true|false)$/i.test(v),
  guid: () => (v) => /^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i.test(v),
  alpha: () => (v) => /^[a-z]*$/i.test(v),
  decimal: () => (v) => v.trim() !== "" && Number.isFinite(Number(v)),
  double: () => (v) => v.trim() !== "" && Number.isFinite(Number(v)),
  float: () => (v) => v.trim() !== "" && Number.isFinite(Number(v)),
  datetime: () => (v) => !Number.isNaN(Date.parse(v)),
  minlength: (n) => (v) => v.length >= Number(n),
  maxlength: (n) => (v) => v.length <= Number(n),
  length: (n) => {
    const [low = 0, high = low] = n.split(",").map(Number);
    return (v) => v.length >= low && v.length <= high;
  },
  min: (n) => (v) => Number(v) >= Number(n),
  max: (n) => (v) => Number(v) <= Number(n),
  range: (n) => {
    const [low = 0, high = low] = n.split(",").map(Number);
    return (v) => Number(v) >= low && Number(v) <= high;
  },
  regex: (pattern) => (v) => new RegExp(pattern, "i").test(v),
};

interface Parameter {
  name: string;
  optional: boolean;
  checks: readonly Check[];
  fallback: string | null;
}

type Segment =
  | { kind: "parts"; pattern: RegExp; parameters: readonly Parameter[] }
  | { kind: "rest"; parameter: Parameter };

/** Reads a template; throws when ASP.NET would not accept it. */
export function compileRoute(template: string): RouteMatcher {
  const segments = splitSegments(template).map((text) => compileSegment(text, template));
  return (given) => {
    const found: Record<string, string> = {};
    for (const [i, segment] of segments.entries()) {
      if (segment.kind === "rest") {
        const rest = given.slice(i).map(decodeSegment).join("/");
        if (rest !== "") found[segment.parameter.name] = rest;
        return accepts(segment.parameter, rest) ? found : null;
      }
      const text = given[i];
      if (
        text === undefined ? !absent(segment, found) : !present(segment, decodeSegment(text), found)
      ) {
        return null;
      }
    }
    return given.length > segments.length ? null : found;
  };
}

/** Every escape is decoded but that of the slash. */
function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text.replace(/%2f/gi, (slash) => `%25${slash.slice(1)}`));
  } catch {
    return text;
  }
}

function splitSegments(template: string): string[] {
  return template
    .replace(/^\/|\/$/g, "")
    .split("/")
    .filter((text) => text !== "");
}

function compileSegment(text: string, template: string): Segment {
  const parameters: Parameter[] = [];
  let pattern = "";
  let from = 0;
  for (const found of text.matchAll(/\{([^{}]*)\}/g)) {
    const parameter = compileParameter(found[1] ?? "", template);
    if ((found[1] ?? "").startsWith("*")) return { kind: "rest", parameter };
    pattern += `${literal(text.slice(from, found.index))}(.+)`;
    parameters.push(parameter);
    from = found.index + found[0].length;
  }
  pattern += literal(text.slice(from));
  return { kind: "parts", pattern: new RegExp(`^${pattern}$`, "i"), parameters };
}

function compileParameter(text: string, template: string): Parameter {
  const found = /^\**([^:=?]+)((?::[^:=?(]+(?:\([^)]*\))?)*)(?:=([^?]*))?(\?)?$/.exec(text);
  if (found === null) throw new Error(`Cannot read the route: bad parameter: ${template}`);
  const [, name = "", constraints = "", fallback, optional] = found;
  const checks = constraints
    .split(":")
    .filter((one) => one !== "")
    .map((one) => compileCheck(one, template));
  return { name, optional: optional === "?", checks, fallback: fallback ?? null };
}

function compileCheck(text: string, template: string): Check {
  const [, name = "", argument = ""] = /^([^(]+)(?:\((.*)\))?$/.exec(text) ?? [];
  const make = CHECKS[name.toLowerCase()];
  if (make === undefined) throw new Error(`Cannot read the route: no such constraint: ${template}`);
  return make(argument);
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function accepts(parameter: Parameter, value: string): boolean {
  return parameter.checks.every((check) => check(value));
}

function absent(segment: Segment & { kind: "parts" }, found: Record<string, string>): boolean {
  const [only] = segment.parameters;
  if (only === undefined || segment.parameters.length > 1) return false;
  if (only.fallback !== null) found[only.name] = only.fallback;
  return only.optional || only.fallback !== null;
}

function present(
  segment: Segment & { kind: "parts" },
  text: string,
  found: Record<string, string>,
): boolean {
  const values = segment.pattern.exec(text)?.slice(1);
  if (values === undefined) return false;
  // From right to left, as ASP.NET does: callers see the order of the keys.
  for (let i = segment.parameters.length - 1; i >= 0; i--) {
    const parameter = segment.parameters[i];
    const value = values[i];
    if (parameter === undefined || value === undefined || !accepts(parameter, value)) return false;
    found[parameter.name] = value;
  }
  return true;
}
