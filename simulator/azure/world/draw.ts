/** A number in [0, 1) that depends on nothing but its arguments: asking in another order changes nothing. */
export function draw(seed: number, label: string, number: number): number {
  let hash = (seed ^ 0x9e3779b9) >>> 0;
  for (let i = 0; i < label.length; i++) hash = stir(hash, label.charCodeAt(i));
  hash = stir(stir(hash, number & 0xffff), number >>> 16);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
}

/** An id in the form of Azure's own. */
export function drawGuid(seed: number, label: string, number: number): string {
  const hex = (part: string, digits: number): string =>
    Math.floor(draw(seed, `${label}/${part}`, number) * 16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  return `${hex("a", 8)}-${hex("b", 4)}-4${hex("c", 3)}-a${hex("d", 3)}-${hex("e", 8)}${hex("f", 4)}`;
}

function stir(hash: number, value: number): number {
  return Math.imul(hash ^ value, 0x01000193) >>> 0;
}
