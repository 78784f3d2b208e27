import * as z from "zod";
import type { Config } from "../../shared/domain/group.ts";
import { nearest } from "../../shared/text/nearest.ts";
import { Fault, faultMeanings } from "../../simulator/faults.ts";
import { placeFaults } from "../scenario.ts";

export type FaultReading =
  | { readonly kind: "fault"; readonly fault: Fault }
  | { readonly kind: "refused"; readonly because: string };

/** What befalls the process of a site, which is not this world's to touch. */
const OF_THE_PROCESS: ReadonlySet<string> = new Set(["site-stopped", "site-stalls", "clock-off"]);
/** Their region is where something was put: anywhere. */
const ANYWHERE: ReadonlySet<string> = new Set(["resource-group-in", "site-resource-in"]);

/** Reads a fault by the one table of faults, and sees to it that it is about something of this world. */
export function readFault(
  { groups, sites }: Pick<Config, "groups" | "sites">,
  input: unknown,
): FaultReading {
  const [group] = groups;
  const named = z.looseObject({ fault: z.string() }).safeParse(input);
  if (group === undefined || !named.success) return refuse(`write {"fault": NAME, ...}`);
  const { fault: name } = named.data;
  if (!faultMeanings().has(name))
    return refuse(unknown("fault", name, [...faultMeanings().keys()]));
  if (OF_THE_PROCESS.has(name)) {
    return refuse(
      `${name} befalls a process that is not this world's: do it to the process itself`,
    );
  }
  const read = Fault.safeParse({ at: 0, ...named.data });
  if (!read.success) return refuse(`${name}: ${z.prettifyError(read.error)}`);
  const [fault = read.data] = placeFaults([read.data], group, sites);
  const because = placesOf({ groups, sites }).flatMap(({ keys, what, known }) =>
    Object.entries(fault).flatMap(([key, value]) =>
      keys.includes(key) &&
      !known.includes(String(value)) &&
      !(key === "region" && ANYWHERE.has(name))
        ? [unknown(what, String(value), known)]
        : [],
    ),
  );
  return because.length > 0 ? refuse(because.join("; ")) : { kind: "fault", fault };
}

/** What a fault may be about: elsewhere it would befall nobody, and nobody would notice. */
function placesOf({ groups, sites }: Pick<Config, "groups" | "sites">) {
  const sides = groups.flatMap(({ home, partner }) => [home, partner]);
  const regions = [...sides, ...sites].map(({ region }) => region);
  return [
    { keys: ["region", "from", "to"], what: "region", known: regions },
    { keys: ["site"], what: "site", known: sites.map(({ name }) => name) },
    { keys: ["group"], what: "group", known: groups.map(({ name }) => name) },
    {
      keys: ["on"],
      what: "instance",
      known: ["home", "partner", ...sides.map(({ name }) => name)],
    },
  ];
}

function unknown(what: string, given: string, known: readonly string[]): string {
  const meant = nearest(given, known);
  const hint =
    meant === null ? `known are ${[...new Set(known)].join(", ")}` : `did you mean ${meant}?`;
  return `no ${what} ${given}: ${hint}`;
}

function refuse(because: string): FaultReading {
  return { kind: "refused", because: `Cannot inject this: ${because}` };
}
