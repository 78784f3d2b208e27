import { type SchemaNode, schemaTree } from "../shared/config/json-schema.ts";

const OPENING = `# Configuration

<!-- Generated from the schema by \`npm run docs\`. Change the schema, not this page. -->

One YAML file. \`GEO_FAILOVER_CONFIG\` names it (\`geo-failover.yaml\` if unset); \`GEO_FAILOVER_SITE\`
names the site that a process runs as. \`geo-failover.sample.yaml\` is a file to start from, and
\`geo-failover.schema.json\` teaches it to your editor.

- Every group takes the settings of \`defaults\` and may override each; \`flapping\` and \`failback\` are
  overridden key by key, lists as a whole.
- Durations are ISO 8601 in weeks, days, hours, minutes and seconds: \`PT30S\`, \`PT5M\`, \`P3D\`.
- Schedules are cron expressions of five fields in an IANA time zone.
- A secret is never written here: \`env:NAME\` names the environment variable that holds it.
- A file with an error is refused as a whole, with every error in it: file, line, column, path, what is
  wrong, and what to write.
`;

const CHECKS = `## What is checked beyond the single key

| check | why |
|---|---|
| the two instances of a group differ in id and region, and share a DNS zone | a failover group requires it |
| \`fqdn\` is the instance's own host | the listener moves, the public endpoint is another path |
| an instance belongs to one group | Azure allows one failover group per instance |
| names, addresses and stores of sites differ | a vote counts once |
| without the sites of either group region, a strict majority of all sites remains | else the loss of that region could never be confirmed. An even number of sites bears no more silence than one site less |
| \`approve\` and \`automatic\`: a site in each group region | claims and approvals live there |
| \`approve\` and \`automatic\`: every site has a \`reference\` | a blind site must not take itself for a witness |
| \`approve\`: \`notify.webhook\`; asked by \`config check\`, \`check\` and the start of the app | the token that answers goes there and nowhere else; what asks in the other modes, \`failback.mode: approve\` among it, is then a line in the log, and \`POST /api/failover\` or \`POST /api/failback\` stands in for the answer |
| \`automatic\`: a canary | reads can succeed while writes hang |
| \`probeTimeout\` is below \`interval\`, and together they are at most \`PT1M\` | looks further apart than a minute add no outage time |
| \`grace\` and \`grayGrace\` are above four intervals | a decision rests on several looks |
| \`rto\` is at least the longer of them and two minutes | earlier it would ask about what may yet end, or be acted on, by itself |
| \`grace\` and \`grayGrace\` are at least \`PT3M\`, unless \`allowShortGrace\` | local failovers take up to a minute or so, and may repeat |
| a freeze ends before it begins again | else nothing would ever act |
| a failback window has its length and time zone | else nobody knows when it closes |
| no \`drills\` | they are not carried out yet |
| \`tick\` divides a minute | a timer can only keep to such a one |
`;

/** The reference of the configuration, as a page. */
export function renderConfigurationReference(): string {
  const tree = schemaTree();
  const { defaults, groups } = tree.properties ?? {};
  const settings = new Set(Object.keys(defaults?.properties ?? {}));
  return [
    OPENING,
    section("Top level", tree, () => true),
    section("`sites[]`", tree.properties?.sites?.items, () => true),
    section("Settings: `defaults`, and overrides in `groups[]`", defaults, () => true),
    section("`groups[]`", groups?.items, (key) => !settings.has(key)),
    section("`notify`", tree.properties?.notify, () => true),
    section("`retention`", tree.properties?.retention, () => true),
    CHECKS,
  ].join("\n");
}

function section(
  title: string,
  node: SchemaNode | undefined,
  wanted: (key: string) => boolean,
): string {
  const nested = title !== "Top level";
  const lines = rows(node, "", wanted, nested).map((row) => `| ${row.join(" | ")} |`);
  return [
    `## ${title}`,
    "",
    "| key | what to write | default | meaning |",
    "|---|---|---|---|",
    ...lines,
    "",
  ].join("\n");
}

function rows(
  node: SchemaNode | undefined,
  prefix: string,
  wanted: (key: string) => boolean,
  nested: boolean,
): readonly (readonly string[])[] {
  const required = new Set(node?.required ?? []);
  return Object.entries(node?.properties ?? {})
    .filter(([key]) => wanted(key))
    .flatMap(([key, child]) => {
      const name = `${prefix}${key}`;
      const preset =
        child.default === undefined ? (required.has(key) ? "required" : "") : code(child.default);
      const own = [code(name), kindOf(child), preset, child.description ?? ""];
      const inner = child.type === "array" ? child.items : child;
      const deeper = child.type === "array" ? `${name}[].` : `${name}.`;
      return [own, ...(nested ? rows(inner, deeper, () => true, nested) : [])];
    });
}

function kindOf(node: SchemaNode): string {
  if (node.enum !== undefined) return node.enum.map(code).join(", ");
  if (node.type === "array") return node.items?.enum ? `list of ${kindOf(node.items)}` : "list";
  if (node.type === "object") return "mapping";
  const [example] = node.examples ?? [];
  return example === undefined ? (node.type ?? "") : `such as ${code(example)}`;
}

function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}
