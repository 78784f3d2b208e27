import * as z from "zod";
import type { Path } from "./complaint.ts";
import { ConfigFile } from "./config-file.ts";

/** As much of a JSON Schema as the configuration's own uses. */
export interface SchemaNode {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

const SchemaNode: z.ZodType<SchemaNode> = z.lazy(() =>
  z.object({
    type: z.string().exactOptional(),
    format: z.string().exactOptional(),
    description: z.string().exactOptional(),
    examples: z.array(z.unknown()).exactOptional(),
    default: z.unknown().exactOptional(),
    enum: z.array(z.string()).exactOptional(),
    properties: z.record(z.string(), SchemaNode).exactOptional(),
    required: z.array(z.string()).exactOptional(),
    items: SchemaNode.exactOptional(),
    minimum: z.number().exactOptional(),
    maximum: z.number().exactOptional(),
    exclusiveMinimum: z.number().exactOptional(),
  }),
);

/** The configuration's JSON Schema, as editors get it: what may be written, before it is read. */
export function configurationSchema(): object {
  return z.toJSONSchema(ConfigFile, { io: "input", target: "draft-07" });
}

/** The same schema in a form to walk through. */
export function schemaTree(): SchemaNode {
  return SchemaNode.parse(configurationSchema());
}

/** What the schema says of a path, or null where it knows none. */
export function schemaAt(tree: SchemaNode, path: Path): SchemaNode | null {
  let node: SchemaNode | undefined = tree;
  for (const step of path) {
    node = typeof step === "number" ? node?.items : ownProperty(node, step);
  }
  return node ?? null;
}

function ownProperty(node: SchemaNode | undefined, key: string): SchemaNode | undefined {
  const properties = node?.properties;
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
}
