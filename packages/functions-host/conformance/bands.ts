// Durations: equal when both sides lie within the band. Every band holds what the real host
// answered; its ends are what the model of the host allows (timers up to 1 s early, never late by
// more than a poll), so that a host that waits the full time, or not at all, falls outside.

import { type Json, mapLeaves } from "./json.ts";

interface Band {
  probe: string;
  path: RegExp;
  fromMs: number;
  toMs: number;
}

const band = (probe: string, path: RegExp, fromMs: number, toMs: number): Band => ({
  probe,
  path,
  fromMs,
  toMs,
});

const BANDS: readonly Band[] = [
  band("a16.", /^observed\.out\.late$/, -1000, 1000),
  band("e10.", /doneMs$/, 1000, 1400),
  band("e10.", /lateMs$/, 2900, 3400),
  band("f5.", /afterMs$/, 0, 2000),
  band("f7.", /\.ms$/, 100, 1990),
  band("f7b.", /\.ms$/, 3000, 5990),
  band("g0.", /\.(firstMs|secondMs)$/, 0, 1000),
  band("g1.", /\.(min|p50|mean)$/, -1000, -300),
  band("g1.", /\.(p90|max)$|^details/, -1000, 60),
  band("g2.", /\.(min|p50|p90|max|mean)$|^details/, 5, 150),
  band("g3.", /\.(min|p50|p90|max|mean)$|^details/, 5, 100),
  band("g4.", /\.(min|p50|p90|max|mean)$|^details/, 400, 450),
  band("g5.", /\.out$/, 50, 1500),
  band("o1.", /toWaitMs|\.ms$/, 300, 3000),
  band("o1.", /eventToDoneMs/, 0, 500),
  band("h.on startup", /afterMs$/, 0, 1500),
  band("i12.", /chunkTimes\.\d$/, 1400, 1700),
  band("i13.", /\.ms$/, 1000, 1250),
  band("k1.", /http3s\.2$/, 3000, 3200),
  band("k1.", /http8sInFlight\.2$/, 11_900, 12_500),
  band("k2.", /http\.2$/, 22_000, 23_000),
  band("l1.", /httpInFlight\.2$/, 4000, 5000),
  band("l3.", /(http|slowInFlight)\.2$/, 0, 700),
  band("l6.", /workerBackMs$/, 300, 1000),
  band("l6.", /^details\.kill$/, 0, 2),
];

/** Replaces every number that lies within its band; one outside stays, and so will not compare. */
export function withinBands(probe: string, answer: Json): Json {
  const bands = BANDS.filter((candidate) => probe.startsWith(candidate.probe));
  if (bands.length === 0) return answer;
  return mapLeaves(answer, (leaf, path) => {
    if (typeof leaf !== "number") return leaf;
    const found = bands.find(({ path: pattern }) => pattern.test(path));
    if (found === undefined || leaf < found.fromMs || leaf > found.toMs) return leaf;
    return `⟨${found.fromMs}..${found.toMs}⟩`;
  });
}
