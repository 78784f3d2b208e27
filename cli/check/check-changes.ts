import { ok, type Question, type Said } from "./finding.ts";
import type { Inquiry } from "./inquiry.ts";

/** What may take an instance down when somebody changes it, by the types of its resources. */
const KINDS: readonly (readonly [kind: string, type: RegExp])[] = [
  ["network", /\/providers\/microsoft\.network\/(?!routetables\/)/i],
  ["route table", /\/providers\/microsoft\.network\/routetables\//i],
  ["vault", /\/providers\/microsoft\.keyvault\//i],
];

/** Which changes by others are seen before a failover, as far as the configuration alone can tell. */
export function checkChanges({ group }: Inquiry): readonly Question[] {
  return [
    { check: "changes by others", subject: group.name, ask: async () => sayWhatIsRead(group) },
  ];
}

function sayWhatIsRead({ home, partner, changeScopes }: Inquiry["group"]): Said {
  const places = [...new Set([home.resourceGroup, partner.resourceGroup])];
  const whole = changeScopes.filter(({ id }) => !/\/providers\//i.test(id));
  const read = [...places, ...whole.map(({ resourceGroup }) => resourceGroup)].join(", ");
  const elsewhere = KINDS.map(([kind, type]) => {
    const named = changeScopes.filter(({ id }) => type.test(id)).map(({ id }) => nameOf(id));
    return named.length === 0 ? `no ${kind}` : `${kind} ${named.join(", ")}`;
  });
  return ok(
    `read in ${read}; outside of it ${elsewhere.join(", ")}: name in changeScopes what lies elsewhere`,
  );
}

function nameOf(id: string): string {
  return id.split("/").at(-1) ?? id;
}
