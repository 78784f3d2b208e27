import type { InstanceId } from "../../shared/config/resource-id.ts";
import type { Instances } from "../../shared/ports/instances.ts";
import type { GroupDirectory } from "../check/ports/group-directory.ts";

/** What is known of one instance; null where nobody said. */
export interface KnownInstance {
  readonly id: InstanceId;
  readonly region: string | null;
  readonly fqdn: string | null;
}

export interface Discovery {
  /** The primary, where that is known; else the one that was named first. */
  readonly home: KnownInstance;
  readonly partner: KnownInstance;
  readonly rolesKnown: boolean;
  readonly group: string | null;
  /** What could not be read, and why. */
  readonly notes: readonly string[];
}

export interface Sources {
  readonly instances: Pick<Instances, "read">;
  readonly directory: GroupDirectory;
}

/** What Resource Manager tells of two instances and their group. Without sources nothing is asked. */
export async function discover(
  first: InstanceId,
  second: InstanceId,
  sources: Sources | null,
): Promise<Discovery> {
  if (sources === null) {
    const [home, partner] = [first, second].map(nothingKnown);
    const notes = ["nothing was asked: --offline"];
    return {
      home: home ?? nothingKnown(first),
      partner: partner ?? nothingKnown(second),
      rolesKnown: false,
      group: null,
      notes,
    };
  }
  const [a, b] = await Promise.all([know(first, sources), know(second, sources)]);
  const found = await findGroup(a.known, b.known, sources);
  const swapped = found.primary === "second";
  const [home, partner] = swapped ? [b.known, a.known] : [a.known, b.known];
  return {
    home,
    partner,
    rolesKnown: found.primary !== null,
    group: found.name,
    notes: [...a.notes, ...b.notes, ...found.notes],
  };
}

function nothingKnown(id: InstanceId): KnownInstance {
  return { id, region: null, fqdn: null };
}

async function know(
  id: InstanceId,
  { instances }: Sources,
): Promise<{ readonly known: KnownInstance; readonly notes: readonly string[] }> {
  const instance = { ...id, region: "unknown", fqdn: "", regionReference: null };
  const reading = await instances.read(instance);
  if (reading.kind === "unknown") {
    return {
      known: nothingKnown(id),
      notes: [`${id.name} could not be read: ${reading.because}`],
    };
  }
  const { region, fqdn } = reading;
  return { known: { id, region, fqdn }, notes: [] };
}

interface FoundGroup {
  readonly name: string | null;
  readonly primary: "first" | "second" | null;
  readonly notes: readonly string[];
}

/** The one group that pairs the two; the role in an answer is that of the region that was asked. */
async function findGroup(
  first: KnownInstance,
  second: KnownInstance,
  { directory }: Sources,
): Promise<FoundGroup> {
  const nothing = (note: string): FoundGroup => ({ name: null, primary: null, notes: [note] });
  const wanted = pairOf([first.id.id, second.id.id]);
  for (const [which, { id, region }] of [
    ["first", first],
    ["second", second],
  ] as const) {
    if (region === null) continue;
    const reading = await directory.list({ ...id, region });
    if (reading.kind === "unknown") continue;
    const groups = reading.groups.filter(({ instanceIds }) => pairOf(instanceIds) === wanted);
    const [group] = groups;
    if (group === undefined) return nothing("no failover group pairs these two instances");
    if (groups.length > 1) return nothing("several failover groups pair these two instances");
    const { name, role } = group;
    if (role === "unknown") return { name, primary: null, notes: ["the group tells no role"] };
    const other = which === "first" ? "second" : "first";
    return { name, primary: role === "primary" ? which : other, notes: [] };
  }
  return nothing("the failover group could not be read");
}

function pairOf(ids: readonly string[]): string {
  return ids
    .map((id) => id.toLowerCase())
    .sort()
    .join(" ");
}
