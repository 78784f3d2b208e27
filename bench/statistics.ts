/** The value that this share of the sample does not exceed; NaN of nothing. */
export function quantile(sample: readonly number[], share: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export function median(sample: readonly number[]): number {
  return quantile(sample, 0.5);
}

/** Median of the ratios of each pair: what machines shared with others disturb least. */
export function medianRatio(ours: readonly number[], others: readonly number[]): number {
  return median(others.map((other, i) => other / (ours[i] ?? Number.NaN)));
}

const Z = 1.959964;

/** 95 % of the means with which so many events are seen this often (Byar's approximation). */
export function poissonInterval(count: number): readonly [low: number, high: number] {
  const low = count === 0 ? 0 : count * byar(count, -Z);
  return [low, (count + 1) * byar(count + 1, Z)];
}

function byar(count: number, z: number): number {
  return (1 - 1 / (9 * count) + z / (3 * Math.sqrt(count))) ** 3;
}
