// Since 2024 Resource Manager counts by principal and subscription. Each site has an identity of its own, and all
// groups of a world lie in one subscription.

const BUCKET = 250;
const PER_MS = 25 / 1_000;

/** What is left of one principal's bucket, at an instant. */
export interface ReadBucket {
  readonly left: number;
  readonly at: number;
}

/** Takes one read out of the bucket of that site's identity; false where none is left. */
export function takeRead(buckets: Map<string, ReadBucket>, site: string, now: number): boolean {
  const { left, at } = buckets.get(site) ?? { left: BUCKET, at: now };
  const filled = Math.min(BUCKET, left + (now - at) * PER_MS);
  buckets.set(site, { left: filled >= 1 ? filled - 1 : filled, at: now });
  return filled >= 1;
}
