import { draw } from "./draw.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const CERTIFICATE_LENGTH = 2_612;
const SIGNATURE_LENGTH = 342;
const HASH_LENGTH = 43;
const TICKS_AT_EPOCH = 621_355_968_000_000_000n;
const TICKS_PER_MS = 10_000n;
/** Older URLs have expired. */
const URLS_KEPT = 500;
/** One certificate signs them all. */
const certificates = new WeakMap<Signing, string>();

/** What a signed URL leads to. */
export interface PollTarget {
  readonly kind: "operation" | "result" | "key-check" | "key-check-result";
  readonly group: string;
  readonly region: string;
  readonly id: string;
}

/** What signing needs of a world. */
interface Signing {
  readonly seed: number;
  readonly at: number;
  readonly pollUrls: Map<string, PollTarget>;
  draw(label: string): number;
}

/** A URL over 3 KB that is good only byte for byte. */
export function signPollUrl(
  world: Signing,
  target: PollTarget,
  where: { readonly endpoint: string; readonly path: string; readonly apiVersion: string },
): string {
  const ticks = BigInt(world.at) * TICKS_PER_MS + TICKS_AT_EPOCH;
  const number = Math.floor(world.draw("poll-url") * 2 ** 30);
  const part = (label: string, length: number): string =>
    letters(world.seed + number, label, length);
  const certificate = certificateOf(world);
  const signature = part("signature", SIGNATURE_LENGTH);
  const query = `t=${ticks}&c=${certificate}&s=${signature}&h=${part("hash", HASH_LENGTH)}`;
  const url = `${where.endpoint}${where.path}?api-version=${where.apiVersion}&${query}`;
  const oldest = world.pollUrls.keys().next();
  if (world.pollUrls.size >= URLS_KEPT && !oldest.done) world.pollUrls.delete(oldest.value);
  world.pollUrls.set(url, target);
  return url;
}

function certificateOf(world: Signing): string {
  const known = certificates.get(world);
  if (known !== undefined) return known;
  const certificate = `MII${letters(world.seed, "certificate", CERTIFICATE_LENGTH - 3)}`;
  certificates.set(world, certificate);
  return certificate;
}

function letters(seed: number, label: string, length: number): string {
  let text = "";
  for (let i = 0; i < length; i++) text += LETTERS[Math.floor(draw(seed, label, i) * 64)];
  return text;
}
