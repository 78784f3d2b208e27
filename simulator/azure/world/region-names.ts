const WORDS =
  /southeast|north|south|east|west|central|europe|asia|africa|sweden|france|germany|switzerland|norway|poland|italy|spain|uae|uk|us|japan|korea|india|australia|canada|brazil|qatar|israel|mexico|\d+/g;

const IN_CAPITALS = new Set(["us", "uk", "uae"]);

/** "Central US" of "centralus", as Resource Manager writes it into ids. */
export function displayNameOf(region: string): string {
  const words = region.match(WORDS) ?? [];
  if (words.join("") !== region) return region;
  return words
    .map((word) => (IN_CAPITALS.has(word) ? word.toUpperCase() : capital(word)))
    .join(" ");
}

/** "centralus" of "Central US" and of "centralus". */
export function shortNameOf(region: string): string {
  return region.replace(/\s/g, "").toLowerCase();
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
