/** A seeded source of numbers: the same seed gives the same run. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** In [low, high). */
  between(low: number, high: number): number;
  /** A version-4 UUID with dashes. */
  uuid(): string;
  /** An independent source, so that one more draw here does not shift every draw there. */
  fork(label: string): Random;
}

/** Starts a source; the same seed gives the same numbers. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    // mulberry32: small, fast, and good enough for schedules.
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    uuid: () => uuidFrom(next),
    fork: (label) => seededRandom(mix(seed, label)),
  };
}

function mix(seed: number, label: string): number {
  let h = (seed ^ 0x9e3779b9) >>> 0;
  for (const letter of label) h = Math.imul(h ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return h;
}

function uuidFrom(next: () => number): string {
  const hex = (digits: number): string =>
    Math.floor(next() * 16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  const variant = (8 + Math.floor(next() * 4)).toString(16);
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(8)}${hex(4)}`;
}
