import { describe, expect, test } from "vitest";
import { recordedAnswers } from "./answers.ts";
import { KNOWN_DIFFERENCES } from "./known-differences.ts";
import { startVirtual } from "./virtual-target.ts";

// An app that wants its HTTP streamed is refused as a whole, so each of its answers is.

describe("stream-i2", () => {
  const start = startVirtual("stream").then(
    async (target) => {
      await target.stop();
      return "started";
    },
    (error: unknown) => String(error),
  );

  for (const id of recordedAnswers("stream-i2").keys()) {
    const known = KNOWN_DIFFERENCES[`stream-i2/${id}`];
    test(`${id}: refused by name, ${known?.because}`, async () => {
      expect(known?.kind === "refused" && known.says).toBeInstanceOf(RegExp);
      if (known?.kind === "refused") expect(await start).toMatch(known.says);
    });
  }
});
