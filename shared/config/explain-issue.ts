import * as z from "zod";
import { suggestDuration } from "../text/duration.ts";
import { nearest } from "../text/nearest.ts";
import { type Complaint, complain, type Path, valueAt } from "./complaint.ts";
import { type SchemaNode, schemaAt } from "./json-schema.ts";

const Advice = z.object({ because: z.string(), write: z.string() });

/** Says what a schema's issue means for the person who wrote the file. */
export function explainIssue(
  issue: z.core.$ZodIssue,
  root: unknown,
  tree: SchemaNode,
): readonly Complaint[] {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  const schema = schemaAt(tree, path);
  const value = valueAt(root, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) =>
        unknownKey([...path, key], Object.keys(schema?.properties ?? {})),
      );
    case "invalid_type":
      if (value === undefined) return [missing(path, schema)];
      return [complain(path, "wrong-type", `must be ${kindOf(schema)}`, adviceFor(schema, value))];
    case "invalid_value":
      return [
        complain(path, "unknown-word", "is not one of the words known here", word(schema, value)),
      ];
    case "custom": {
      const { because, write } = Advice.parse(issue.params);
      return [complain(path, because, issue.message, write)];
    }
    case "too_small":
    case "too_big":
      if (Array.isArray(value))
        return [complain(path, "empty-list", "is empty", "at least one entry")];
      return [complain(path, "out-of-range", "is out of range", rangeOf(schema))];
    default:
      return [complain(path, "wrong-value", "is not valid", adviceFor(schema, value))];
  }
}

function missing(path: Path, schema: SchemaNode | null): Complaint {
  return complain(path, "missing", "is missing", `${path.at(-1)}: ${exampleOf(schema)}`);
}

/** Drills are planned, and known by name: whoever writes them down must not believe that they happen. */
function notYet(path: Path): Complaint {
  const what = "drills are not carried out yet";
  const write = "nothing here: take `drills` out";
  return { path, on: "key", because: "not-carried-out", what, write };
}

function unknownKey(path: Path, known: readonly string[]): Complaint {
  if (path.at(-1) === "drills") return notYet(path);
  const meant = nearest(String(path.at(-1)), known);
  const write = meant ?? `one of ${known.join(", ")}`;
  return { path, on: "key", because: "unknown-key", what: "is not a key known here", write };
}

function word(schema: SchemaNode | null, value: unknown): string {
  const words = schema?.enum ?? [];
  return nearest(String(value), words) ?? `one of ${words.join(", ")}`;
}

function adviceFor(schema: SchemaNode | null, value: unknown): string {
  if (schema?.format === "duration" && typeof value === "number") {
    return suggestDuration(String(value));
  }
  return exampleOf(schema);
}

function kindOf(schema: SchemaNode | null): string {
  switch (schema?.type) {
    case "string":
      return schema.format === "duration" ? "an ISO 8601 duration" : "text";
    case "object":
      return "a mapping";
    case "array":
      return "a list";
    case "boolean":
      return "true or false";
    case "integer":
      return "a whole number";
    default:
      return "a number";
  }
}

function exampleOf(schema: SchemaNode | null): string {
  const [example] = schema?.examples ?? [];
  if (example !== undefined) return String(example);
  if (schema?.enum !== undefined) return `one of ${schema.enum.join(", ")}`;
  if (schema?.type === "array") return "a list, one entry a line, each after a hyphen";
  const keys = schema?.required ?? Object.keys(schema?.properties ?? {});
  return keys.length > 0 ? `a mapping with ${keys.join(", ")}` : "another value";
}

function rangeOf(schema: SchemaNode | null): string {
  const { minimum, exclusiveMinimum, maximum } = schema ?? {};
  const least = minimum === undefined ? `more than ${exclusiveMinimum}` : `at least ${minimum}`;
  return `a number of ${least} and at most ${maximum}`;
}
