import { readFileSync } from "node:fs";
import * as z from "zod";

const Recorded = z.object({
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
    body: z.unknown(),
  }),
});
export type RecordedResponse = z.infer<typeof Recorded>["response"];

/** The recorded answer of that name. */
export function recorded(name: string): RecordedResponse {
  const file = new URL(`../../recorded/${name}.json`, import.meta.url);
  return Recorded.parse(JSON.parse(readFileSync(file, "utf8"))).response;
}

/**
 * Every key of a body with the type of its value: `properties.state: string`. Items of a list count
 * together, an empty list and an object of free names (tags) are leaves.
 */
export function shapeOf(value: unknown, path = ""): readonly string[] {
  if (Array.isArray(value)) {
    const items = value.flatMap((item) => shapeOf(item, `${path}[]`));
    return items.length === 0 ? [`${path}: list`] : [...new Set(items)].sort();
  }
  if (typeof value === "object" && value !== null && !path.endsWith("tags")) {
    return Object.entries(value)
      .flatMap(([key, each]) => shapeOf(each, path === "" ? key : `${path}.${key}`))
      .sort();
  }
  return [`${path}: ${value === null ? "null" : typeof value}`];
}

/** A recorded shape without what lies below one of its lists, which this world leaves empty. */
export function withEmptyList(shape: readonly string[], path: string): readonly string[] {
  return [...shape.filter((line) => !line.startsWith(`${path}[]`)), `${path}: list`].sort();
}
