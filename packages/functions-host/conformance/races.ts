// Probes whose answer timing decided on the real host. Here a seed decides: they are asked with further
// seeds until the recorded answer comes. Every other probe has to match with the first seed.

const RACES: Readonly<Record<string, string>> = {
  "a4.": "two activities of one turn end in either order",
  "a6.": "how many attempts fit into the retry timeout",
  "a9.": "a timer and the attempts of a retry interleave",
  "b1.": "which of three parallel events is the first",
  "b1b.": "which of three parallel events is the first",
  "b2.": "the order of three parallel events",
  "b3.": "the order of three parallel events",
  "d2.": "which of the racing starts are accepted, and which of those runs",
  "f5.": "two activities of one turn end in either order",
  "l1.": "two instances go on at the same moment",
  race: "which of the racing starts are accepted, and which of those runs",
};

/** Whether the seed has a say in the answer of a probe. */
export function isRace(probe: string): boolean {
  return Object.keys(RACES).some((prefix) => probe.startsWith(prefix));
}
