/** Milliseconds as .NET prints a TimeSpan. */
export function timeSpan(ms: number): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const seconds = Math.floor(ms / 1000);
  const days = Math.floor(seconds / 86_400);
  const clock = [seconds / 3600, seconds / 60, seconds].map(
    (n, i) => Math.floor(n) % (i ? 60 : 24),
  );
  return (days > 0 ? `${days}.` : "") + clock.map(two).join(":");
}

/** Reads `[d.]hh:mm:ss`; null when it is none. */
export function parseTimeSpan(text: string): number | null {
  const found = /^(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?$/.exec(text);
  if (found === null) return null;
  const [, days = "0", hours = "0", minutes = "0", seconds = "0", fraction = "0"] = found;
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1000 + Math.floor(Number(`0.${fraction}`) * 1000);
}
