import { ROOMS } from "./check-imports.ts";

/** Why a room may import what it may. A room inside another may go without. */
const SO_THAT: Readonly<Record<string, string>> = {
  "shared/domain": "it can be read alone",
  "shared/policy": "a decision cannot do anything",
  "shared/policy/second-opinion": "two readings of the invariants share no line",
  "shared/ports": "the world is described in our words",
  "shared/ledger": "rows are read and written in one way",
  "shared/text": "what several rooms say in words is said once",
  "shared/alerts": "what comes from outside is parsed once",
  "shared/config": "what comes from outside is parsed once",
  "shared/config.ts": "one file reads the configuration's file",
  "shared/azure": "an SDK upgrade touches one folder",
  "orchestrations/contracts.ts": "both sides of an activity agree",
  orchestrations: "replay reaches neither network nor rules",
  functions: "they run unchanged in the simulator",
  "functions/http": "HTTP decides nothing",
  "functions/register.ts": "one file names every function to the host",
  "functions/main.ts": "one file knows both sides",
  "packages/functions-host": "the stand-in does not know what it tests",
  "simulator/faults.ts": "a fault is a word before it is an effect",
  "simulator/azure": "the simulated Azure is not made of what it tests",
  simulator: "sites are put together as `functions/main.ts` does it",
  judge: "it puts the whole app to incident files",
  demo: "it plays the whole app",
  swarm: "it plays the whole app, over and over, and judges it by the world alone",
  cli: "an operator's tool may use everything but the proof",
  bench: "nothing imports it",
  test: "nothing but `bench` imports it",
};

const TABLE = /(<!-- rooms -->\n)[\s\S]*?(<!-- \/rooms -->)/;

/** Rooms that nobody has given a reason, and reasons of rooms that are gone. */
export function roomsWithoutReason(): readonly string[] {
  const rooms = Object.keys(ROOMS);
  const reasoned = (room: string) =>
    Object.keys(SO_THAT).some((known) => room === known || room.startsWith(`${known}/`));
  return [
    ...rooms.filter((room) => !reasoned(room)),
    ...Object.keys(SO_THAT).filter((known) => !rooms.includes(known)),
  ];
}

/** A page with its table of rooms as `check-imports.ts` holds them. */
export function fillRooms(page: string): string {
  const rows = Object.entries(ROOMS).map(
    ([room, { may, packages }]) =>
      `| \`${room}\` | ${listOf(together(may))} | ${listOf(packages)} | ${SO_THAT[room] ?? ""} |`,
  );
  const head = "| room | may import | and packages | so that |\n|---|---|---|---|";
  return page.replace(
    TABLE,
    (_, opens: string, closes: string) => `${opens}${head}\n${rows.join("\n")}\n${closes}`,
  );
}

/** A room with every room inside it is written once. */
function together(names: readonly string[]): readonly string[] {
  const inside = (room: string) =>
    Object.keys(ROOMS).filter((other) => other.startsWith(`${room}/`));
  const whole = names.filter(
    (room) => inside(room).length > 0 && inside(room).every((other) => names.includes(other)),
  );
  return names
    .filter((name) => !whole.some((room) => name.startsWith(`${room}/`)))
    .map((name) => (whole.includes(name) ? `${name}/**` : name));
}

function listOf(names: readonly string[]): string {
  if (names.includes("*")) return "any";
  return names.length === 0 ? "nothing" : names.map((name) => `\`${name}\``).join(", ");
}
