// What a person at a terminal sees of a command that takes its time.

import { expect, test } from "vitest";
import { showProgress } from "../../shared/text/show-progress.ts";

function watch(isTTY: boolean | undefined) {
  const written: string[] = [];
  let at = 0;
  const aside = {
    ...(isTTY === undefined ? {} : { isTTY }),
    write: (text: string) => written.push(text),
  };
  const progress = showProgress(aside, { things: "seeds", total: 4, now: () => (at += 0.001) });
  const stepAt = (ms: number): void => {
    at = ms;
    progress.step();
  };
  // What stays on the line is what was written since it was last erased.
  const shown = (): readonly string[] => written.map((text) => text.replace("\r\u001b[2K", ""));
  return { progress, stepAt, shown };
}

test("a terminal shows how much is done, and about how long the rest takes, on one line", () => {
  const { progress, stepAt, shown } = watch(true);
  stepAt(30_000);
  stepAt(40_000);
  progress.clear();
  expect(shown()).toEqual([
    "0 of 4 seeds",
    "1 of 4 seeds, about 1 min 30 s left",
    "2 of 4 seeds, about 40 s left",
    "",
  ]);
});

test.each([false, undefined])("a pipe gets nothing (a terminal: %s)", (isTTY) => {
  const { progress, stepAt, shown } = watch(isTTY);
  stepAt(30_000);
  progress.clear();
  expect(shown()).toEqual([]);
});

test("where nothing is to be seen nothing is shown", () => {
  const progress = showProgress(null, { things: "seeds", total: 4, now: () => 0 });
  expect([progress.step(), progress.clear()]).toEqual([undefined, undefined]);
});
