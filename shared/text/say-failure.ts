/** Says why a question over SQL got no answer: the number that came, or how the way to the server ended. */
export function sayFailure(
  failure:
    | { readonly because: "timeout" | "unreachable" | "no-name" | "no-token" }
    | { readonly because: "error"; readonly number: number | null; readonly said: string },
): string {
  return failure.because === "error" ? `error-${failure.number ?? failure.said}` : failure.because;
}
