import type { PlantedDefect } from "./planted-defects.ts";

/** The text of a file with the defect in it. What it replaces must stand there, and once. */
export function plant(
  code: string,
  { name, text, instead }: Pick<PlantedDefect, "name" | "text" | "instead">,
): string {
  const [before, after, ...more] = code.split(text);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`Cannot plant a defect: its text must stand at one place: ${name}`);
  }
  return `${before}${instead}${after}`;
}
