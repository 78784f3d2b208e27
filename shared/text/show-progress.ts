import { sayMs } from "./say-time.ts";

/** Where progress is shown: what is beside the results, as `process.stderr`. */
export interface Aside {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  /** One more is done. */
  step(): void;
  /** Takes the line away until the next step: before anything else is printed, and at the end. */
  clear(): void;
}

/** Shows a person at a terminal how far a command has come, and about how long it still takes. Nobody else sees it. */
export function showProgress(
  aside: Aside | null,
  { things, total, now }: { readonly things: string; readonly total: number; now(): number },
): Progress {
  if (aside === null || aside.isTTY !== true)
    return { step: () => undefined, clear: () => undefined };
  const startedAt = now();
  let done = 0;
  const show = (): void => {
    const leftMs = ((now() - startedAt) / done) * (total - done);
    const left =
      done > 0 && leftMs > 0 ? `, about ${sayMs(Math.ceil(leftMs / 1_000) * 1_000)} left` : "";
    aside.write(`${ERASE}${done} of ${total} ${things}${left}`);
  };
  show();
  return {
    step: () => {
      done++;
      show();
    },
    clear: () => {
      aside.write(ERASE);
    },
  };
}

const ERASE = "\r\u001b[2K";
