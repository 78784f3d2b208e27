import { expect, test } from "vitest";
import { fillLongTests } from "./fill-long-tests.ts";

test("long files are listed, longest first, with how long all took", () => {
  const files = [
    { path: "test/a.test.ts", startedAt: 0, endedAt: 9_000 },
    ...Array.from({ length: 18 }, (_, i) => ({ path: `test/${i}`, startedAt: 0, endedAt: 10_000 })),
    { path: "test/b.test.ts", startedAt: 1_000, endedAt: 21_400 },
    { path: "test/c.test.ts", startedAt: 2_000, endedAt: 93_000 },
  ];
  expect(fillLongTests("<!-- long tests -->\nold\n<!-- /long tests -->\n", files, 2)).toBe(
    [
      "<!-- long tests -->",
      "`npm test`: 1 min 33 s on 2 cores, 21 files. The longest:",
      "",
      "| file | took |",
      "|---|---|",
      "| `test/c.test.ts` | 1 min 31 s |",
      "| `test/b.test.ts` | 20 s |",
      ...Array.from({ length: 18 }, (_, i) => `| \`test/${i}\` | 10 s |`),
      "<!-- /long tests -->",
      "",
    ].join("\n"),
  );
});
