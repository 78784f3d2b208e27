/** A connection that is never answered: it ends when the caller gives up. */
export function forgotten(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(networkError("ETIMEDOUT")), { once: true });
  });
}

/** What the system says of a connection that was not made. */
export function networkError(code: string): Error {
  return Object.assign(new Error(`Cannot connect: ${code}`), { code });
}
