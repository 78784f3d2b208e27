/** An instant for people: date and time to the second, UTC. */
export function sayInstant(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
