const CODES = { dim: 2, bold: 1, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Colour = keyof typeof CODES;

export type Paint = (text: string, colour: Colour) => string;

/** Colours for a terminal; plain text for a file, a pipe, or somebody who wants none (NO_COLOR). */
export function createPaint(terminal: boolean, noColour: string | undefined): Paint {
  const plain = !terminal || (noColour !== undefined && noColour !== "");
  return (text, colour) => (plain ? text : `\u001b[${CODES[colour]}m${text}\u001b[0m`);
}
