import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { ConfigError } from "../../shared/config/config-error.ts";
import { THOROUGH } from "../support/thorough.ts";
import { read, VALID } from "./fixture.ts";

const RUNS = { seed: 20260821, numRuns: THOROUGH ? 400 : 150 };

/** What became of a text: read, or refused in order. Anything else is thrown. */
function outcomeOf(text: string): "read" | "refused" {
  try {
    read(text);
    return "read";
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { line, column, message } of error.problems) {
      expect(line).toBeGreaterThan(0);
      expect(column).toBeGreaterThan(0);
      expect(message).toContain("; write ");
    }
    return "refused";
  }
}

test("any text is read or refused, and nothing else happens", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      expect(outcomeOf(text)).toBe("refused");
    }),
    RUNS,
  );
});

test("any text of YAML's own characters is refused in order", () => {
  const unit = fc.constantFrom(..."[]{}:,-?&*!|>'\"%@`# \n\tab0~<.".split(""), "sites", "groups");
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 60 }), (units) => {
      expect(outcomeOf(units.join(""))).toBe("refused");
    }),
    RUNS,
  );
});

test("a valid file with a piece torn out or put in is read or refused", () => {
  const at = fc.nat({ max: VALID.length });
  fc.assert(
    fc.property(at, fc.nat({ max: 40 }), fc.string({ maxLength: 12 }), (start, length, piece) => {
      const text = VALID.slice(0, start) + piece + VALID.slice(start + length);
      expect(["read", "refused"]).toContain(outcomeOf(text));
    }),
    RUNS,
  );
});

test("any value in any of the top-level keys is refused in order", () => {
  const key = fc.constantFrom("sites", "defaults", "groups", "notify", "tick");
  fc.assert(
    fc.property(fc.dictionary(key, fc.jsonValue({ maxDepth: 4 })), (value) => {
      expect(outcomeOf(stringify(value))).toBe("refused");
    }),
    RUNS,
  );
});
