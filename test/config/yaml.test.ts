import { describe, expect, test } from "vitest";
import { change, errorOf, HERE, onlyProblem, read, VALID } from "./fixture.ts";

describe("a file that is no configuration at all", () => {
  test.each([
    ["empty", `${HERE}`],
    ["empty", `${HERE}# nothing but words\n`],
    ["not-a-mapping", `${HERE}- sites\n- groups\n`],
    ["not-a-mapping", `${HERE}sites\n`],
    ["byte-order-mark", `${HERE}\uFEFF${VALID}`],
    ["not-utf-8", change(VALID, "name: weu", `name: w${HERE}\uFFFDu`)],
    ["not-utf-8", change(VALID, "name: weu", `name: w${HERE}\0u`)],
    ["too-large", `${HERE}${VALID}#${"x".repeat(1_000_000)}`],
    ["tab", change(VALID, "  grace:", `${HERE}\tgrace:`)],
    ["tab", change(VALID, "  grace:", ` ${HERE}\tgrace:`)],
    ["duplicate-key", change(VALID, "  grace: PT3M", `  grace: PT3M\n  ${HERE}grace: PT4M`)],
    ["key-not-text", change(VALID, "  grace: PT3M", `  ${HERE}5: PT3M`)],
    ["unknown-alias", change(VALID, "PT3M", `${HERE}*never-set`)],
    ["unknown-tag", change(VALID, "PT3M", `${HERE}!secret PT3M`)],
  ])("%s", (because, marked) => {
    expect(onlyProblem(marked).because).toBe(because);
  });

  test("several documents", () => {
    const { problems } = errorOf(`${VALID}---\n${VALID}`);
    expect(problems[0]).toMatchObject({ because: "several-documents", line: 19 });
  });

  test("a bracket that is never closed", () => {
    const { problems } = errorOf(change(VALID, "database: orders }", "database: orders"));
    expect(problems.map(({ because }) => because)).toContain("syntax");
  });

  test.each([
    ["a list", "a: 1\nb: [1,\nc: 2\n", 2, 4, "a bracket that is never closed"],
    ["a list at the end", "a: [1,", 1, 4, "a bracket that is never closed"],
    ["a mapping", "a: 1\nb:\n  c: { d: 1\ne: 2\n", 3, 6, "a brace that is never closed"],
    ["a list in a list", "a: [1, [2], [3\nb: 1\n", 1, 13, "a bracket that is never closed"],
    ["a text", 'a: 1\nb: "x\nc: 2\nd: 3\n', 2, 4, "a quote that is never closed"],
    ["a list after a quoted one", "a: '[ it''s'\nb: [1\nc: 2\n", 2, 4, "a bracket that is never"],
  ])("%s that is never closed is named where it begins", (_, text, line, column, what) => {
    const [problem] = errorOf(text).problems;
    expect(problem).toMatchObject({ because: "syntax", line, column });
    expect(problem?.message).toContain(what);
  });

  test.each(["\u00a0", "\u2003", "\u200b", "\u202e", "\u3000"])(
    "a space that is none (%j) is named where it stands, and not where the parser lost its way",
    (odd) => {
      const problem = onlyProblem(change(VALID, "mode: automatic", `mode:${HERE}${odd}automatic`));
      expect(problem.because).toBe("odd-space");
      expect(problem.message).toContain(odd.codePointAt(0)?.toString(16).toUpperCase());
      expect(read(`# l'\u00e9tat\u00a0: bon\n${VALID}`).groups).toHaveLength(1);
    },
  );

  test("anchors that multiply", () => {
    const bomb = Array.from({ length: 9 }, (_, level) => {
      const ten = Array.from({ length: 10 }, () => (level === 0 ? "x" : `*a${level - 1}`));
      return `k${level}: &a${level} [${ten.join(", ")}]\n`;
    });
    expect(errorOf(bomb.join("")).problems[0]?.because).toBe("alias-bomb");
  });

  test("brackets a hundred thousand deep", () => {
    expect(errorOf(`sites: ${"[".repeat(100_000)}`).problems[0]?.because).toBe("syntax");
  });

  test("an anchor that holds itself", () => {
    expect(errorOf("sites: &a [*a]\n").problems.length).toBeGreaterThan(0);
  });

  test("a syntax error never quotes the file", () => {
    const error = errorOf("notify: { webhook: https://hooks.example.net/hush ]\n");
    expect(error.message).not.toContain("hush");
  });
});

describe("anchors in moderation", () => {
  const shared = change(
    change(VALID, "grace: PT3M", "grace: &wait PT3M\n  grayGrace: *wait"),
    "canary:",
    "grace: *wait\n    canary:",
  );

  test("are read as what they stand for", () => {
    expect(read(shared).groups[0]?.policy).toMatchObject({
      graceMs: 180_000,
      grayGraceMs: 180_000,
    });
  });

  test("are pointed at where they are used", () => {
    const { problems } = errorOf(change(shared, "&wait PT3M", "&wait PT2M"));
    expect(problems.map(({ path, line }) => ({ path, line }))).toEqual([
      { path: "defaults.grayGrace", line: 8 },
      { path: "groups[0].grace", line: 19 },
    ]);
  });
});
