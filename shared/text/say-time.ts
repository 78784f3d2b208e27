/** Time of day in the simulated world, UTC. */
export function clockTime(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}

/** A length of time as people say it: 43 s, 5 min 3 s, 2 h 5 min. */
export function sayMs(ms: number): string {
  if (ms > 0 && ms < 9_950) return `${trim(ms / 1_000)} s`;
  const seconds = Math.round(ms / 1_000);
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3_600),
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const parts = hours > 0 ? [`${hours} h`, `${minutes} min`] : [`${minutes} min`, `${rest} s`];
  return parts.filter((part) => !part.startsWith("0 ")).join(" ") || "0 s";
}

function trim(seconds: number): string {
  return seconds.toFixed(1).replace(/\.0$/, "");
}

/** Minutes and seconds of a countdown. */
export function countdown(ms: number): string {
  const seconds = Math.ceil(Math.max(0, ms) / 1_000);
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
}
