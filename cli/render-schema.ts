import { configurationSchema } from "../shared/config/json-schema.ts";

const WIDTH = 100;

/** The JSON Schema of the configuration as a file for editors. */
export function renderConfigurationSchema(): string {
  const { $schema, ...rest }: { $schema?: unknown } = configurationSchema();
  const titled = { $schema, title: "geo-failover.yaml", ...rest };
  return `${withShortLists(JSON.stringify(titled, null, 2))}\n`;
}

/** Puts a list of plain values on one line where it fits, as the formatter does. */
function withShortLists(json: string): string {
  return json.replace(/^(.*)\[\n([^[\]{}]*?)\n *\]/gm, (long, before: string, items: string) => {
    const short = `${before}[${items.trim().replace(/\n\s*/g, " ")}]`;
    return short.length < WIDTH ? short : long;
  });
}
