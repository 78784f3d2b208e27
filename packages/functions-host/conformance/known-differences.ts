// Where our host does not answer as the real one did, and why. What is listed here as different and
// matches after all fails the suite, so the list stays honest.

export type KnownDifference =
  /** Asked, and answered otherwise at these paths; all else has to be the same. */
  | { kind: "differs"; at: readonly string[]; because: string }
  /** Our host refuses what the probe is about, by name. */
  | { kind: "refused"; says: RegExp; because: string };

const differs = (because: string, ...at: readonly string[]): KnownDifference => ({
  kind: "differs",
  at,
  because,
});

const refused = (because: string, says: RegExp): KnownDifference => ({
  kind: "refused",
  says,
  because,
});

const ENTITIES = refused("no function of ours is an entity", /this host has no support for: /);
const STREAMING = refused(
  "no function of ours streams",
  /this host has no support for: enableHttpStream/,
);

/** By set and probe id. */
export const KNOWN_DIFFERENCES: Readonly<Record<string, KnownDifference>> = {
  "main-d/d2.four racing starts": differs(
    "starts of one instant all look before the first of them has written: none is refused",
    "observed.rs",
    "observed.input",
  ),
  "main-in/i2.methods": differs("the start page has its title, not its looks", "observed.root.1"),
  "main-in/i17.env": differs("tells of the machine and of the real worker's process", "observed"),
  "main-in/i18.admin": differs(
    "the folder of the app is not told, and there is no warm-up",
    "observed.warmup.0",
    ...[0, 1, 2].flatMap((n) => [
      `observed.fnlist.1.${n}.script_href`,
      `observed.fnlist.1.${n}.config.functionDirectory`,
    ]),
  ),
  "main-m/m1.EntityOps": ENTITIES,
  "main-m/m2.EntityErr": ENTITIES,
  "main-m/m3.EntityOrder 20 signals": ENTITIES,
  "main-m/m4.LockTwo": ENTITIES,
  "main-m/m5.EntityDel": ENTITIES,
  "main-m/m6.Lock contention": ENTITIES,
  "main-m/m6.state": ENTITIES,
  "main-m/m7.20 client signals in sequence": ENTITIES,
  "main-m/m7b.20 parallel client signals": ENTITIES,
  "main-m/m8.entity http": ENTITIES,
  "stream-i2/is1.stream on: query": STREAMING,
  "stream-i2/is2.chunked": STREAMING,
  "stream-i2/is3.params": STREAMING,
  "stream-i2/is4.stream response": STREAMING,
  "stream-i2/is5.throws": STREAMING,
  "stream-i2/is6.badjson": STREAMING,
  "stream-i2/is7.fnlevel": STREAMING,
  "stream-i2/is8.ctx": STREAMING,
  "stream-i2/is9.return values": STREAMING,
  "stream-i2/is10.repeated headers": STREAMING,
  "stream-i2/is11.HEAD": STREAMING,
};
