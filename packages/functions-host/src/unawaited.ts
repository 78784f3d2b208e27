/**
 * Lets work go on that nobody waits for: what it fails of is said, with where it came from, and ends
 * nothing else. A bare `void` before a promise says nothing, and ends the process.
 */
export function unawaited(work: Promise<unknown>, say: (because: string) => void): void {
  work.catch((thrown: unknown) => {
    say(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
  });
}
