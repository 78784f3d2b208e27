import { expect, it } from "vitest";
import { appEntry, worldEntry } from "../../demo/entry.ts";
import { createPaint } from "../../demo/paint.ts";
import { Screen } from "../../demo/screen.ts";
import { countdown, sayMs } from "../../shared/text/say-time.ts";

const AT = Date.UTC(2026, 2, 3, 9, 2, 36);

function screenOn(isTTY: boolean, columns = 100) {
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const screen = new Screen({ write, isTTY, columns }, createPaint(isTTY, undefined));
  return { screen, text: () => text };
}

it("time, site, event, verdict and rule stand in fixed columns", () => {
  const { screen, text } = screenOn(false);
  screen.heading();
  screen.entry(appEntry(AT, "neu", "decides: regional-loss", { verdict: "hold", rule: "grace" }));
  screen.entry(worldEntry(AT, "region-dark westeurope"));
  const [heading = "", decision = "", truth = ""] = text().split("\n");
  for (const [name, value] of [
    ["where", "neu"],
    ["event", "decides"],
    ["verdict", "hold"],
    ["rule", "grace"],
  ] as const) {
    expect(decision.indexOf(value)).toBe(heading.indexOf(name));
  }
  expect(truth).toBe("09:02:36  world  ! region-dark westeurope");
});

it("into a file go no colours and no live line", () => {
  const { screen, text } = screenOn(false);
  screen.status("grace 04:33 left");
  screen.entry(worldEntry(AT, "region-dark westeurope"));
  expect(text()).not.toContain("\u001b");
  expect(text()).not.toContain("grace 04:33 left");
});

it("on a terminal the live line stays below what is printed, and can be taken away", () => {
  const { screen, text } = screenOn(true);
  screen.status("grace 04:33 left");
  screen.line("suspects the primary");
  const painted = "\u001b[33mgrace 04:33 left\u001b[0m";
  expect(text()).toBe(`${painted}\r\u001b[2Ksuspects the primary\n${painted}`);
  screen.status("");
  expect(text().endsWith("\r\u001b[2K")).toBe(true);
});

it("a live line is cut to the terminal, and its colour still ends", () => {
  const { screen, text } = screenOn(true, 30);
  screen.status("x".repeat(80));
  expect(text()).toBe(`\u001b[33m${"x".repeat(29)}\u001b[0m`);
});

it("long notes are broken at words, within the width", () => {
  const { screen, text } = screenOn(false, 60);
  screen.entry(appEntry(AT, "neu", "decides", { notes: ["word ".repeat(40).trim()] }));
  const notes = text().trimEnd().split("\n").slice(1);
  expect(notes.length).toBeGreaterThan(2);
  expect(Math.max(...notes.map((note) => note.length))).toBeLessThanOrEqual(60);
  expect(notes.join(" ").match(/word/g)).toHaveLength(40);
});

it("NO_COLOR is heeded", () => {
  expect(createPaint(true, "1")("text", "red")).toBe("text");
  expect(createPaint(true, "")("text", "red")).not.toBe("text");
});

it("lengths of time are said as people say them", () => {
  const said = [0, 600, 1_800, 43_000, 300_000, 303_000, 7_500_000].map(sayMs);
  expect(said).toEqual(["0 s", "0.6 s", "1.8 s", "43 s", "5 min", "5 min 3 s", "2 h 5 min"]);
  expect([274_000, 59_001, 0, -5].map(countdown)).toEqual(["04:34", "01:00", "00:00", "00:00"]);
});
