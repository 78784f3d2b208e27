import { ok, type Reading, refused } from "./reading.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const LONGEST_MS = 1000 * DAY;

const ISO = /^P(?:(\d+)W|(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?)$/;
const LOOSE = /^(\d+)\s*(ms|s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?)$/i;
const EXAMPLE = "a duration such as PT30S, PT5M or PT2H";

/** Reads an ISO 8601 duration into milliseconds. Months and years are refused: they have no fixed length. */
export function readDuration(text: string): Reading<number> {
  const parts = ISO.exec(text);
  if (parts === null || text === "P" || text.endsWith("T")) return refusal(text);
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  const ms = Math.round(
    weeks * WEEK + days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND,
  );
  if (ms > LONGEST_MS) return refused("duration-too-long", "is too long", "at most P1000D");
  return ok(ms);
}

/** Writes milliseconds as an ISO 8601 duration. */
export function formatDuration(ms: number): string {
  if (ms === 0) return "PT0S";
  const days = Math.floor(ms / DAY);
  const hours = Math.floor((ms % DAY) / HOUR);
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  const seconds = (ms % MINUTE) / SECOND;
  const time = [
    hours > 0 ? `${hours}H` : "",
    minutes > 0 ? `${minutes}M` : "",
    seconds > 0 ? `${seconds}S` : "",
  ].join("");
  return `P${days > 0 ? `${days}D` : ""}${time === "" ? "" : `T${time}`}`;
}

function refusal(text: string): Reading<number> {
  if (/^[-+]/.test(text)) {
    return refused("duration-signed", "must be a duration without a sign", EXAMPLE);
  }
  if (/^P\d+(\.\d+)?[YM]/i.test(text)) {
    return refused(
      "duration-of-no-fixed-length",
      "must not use years or months, which have no fixed length",
      "days as P30D, or minutes as PT30M",
    );
  }
  return refused("not-a-duration", "must be an ISO 8601 duration", suggestDuration(text));
}

/** What somebody who wrote `30`, `30s` or `pt5m` most likely meant. */
export function suggestDuration(text: string): string {
  if (/^\d+$/.test(text)) return `PT${text}S for seconds, or PT${text}M for minutes`;
  const upper = text.trim().toUpperCase();
  if (upper !== text && ISO.test(upper) && upper !== "P" && !upper.endsWith("T")) return upper;
  const loose = LOOSE.exec(text.trim());
  if (loose === null) return EXAMPLE;
  const [, count = "", unit = ""] = loose;
  if (/^ms$/i.test(unit)) return formatDuration(Number(count));
  const letter = unit.charAt(0).toUpperCase();
  return letter === "D" || letter === "W" ? `P${count}${letter}` : `PT${count}${letter}`;
}
