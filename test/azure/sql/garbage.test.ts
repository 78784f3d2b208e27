// A server gone wrong in every way that bytes can go wrong. tedious alone would end the process on some
// of these (an error event that nobody hears): the suite fails on any error that nobody caught.

import { describe, expect, test } from "vitest";
import { judgeLook } from "../../../shared/policy/evidence/judge-look.ts";
import type { Moment } from "../../../simulator/azure/tds/tds-connection.ts";
import { draw } from "../../../simulator/azure/world/draw.ts";
import { createSqlBench, HOME, type SqlBench } from "./sql-bench.ts";

const target = { fqdn: HOME, timeoutMs: 8_000 };
const MOMENTS: readonly Moment[] = ["prelogin", "login", "query"];
const context = { referenceReached: "ok", stoodStill: false } as const;

function packet(payload: Buffer): Buffer {
  const header = Buffer.of(0x04, 0x01, 0, 0, 0, 0, 1, 0);
  header.writeUInt16BE(8 + payload.length, 2);
  return Buffer.concat([header, payload]);
}

function noise(seed: number, length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => Math.floor(256 * draw(seed, "noise", i))));
}

const DONE = Buffer.from("fd00000000000000000000000000", "hex").subarray(0, 13);
const ROW_WITHOUT_COLUMNS = Buffer.from("d10102030405", "hex");
const ENDLESS_ERROR = Buffer.from("aaffff01", "hex");
const EMPTY_COLUMNS = Buffer.from("81ffff", "hex");

const ONE_COLUMN = Buffer.from("8101000000000000003000", "hex");

const SPEAKS_NO_TDS: readonly (readonly [string, Buffer])[] = [
  ["an empty packet", packet(Buffer.alloc(0))],
  ["a token that does not exist", packet(Buffer.from("010203", "hex"))],
  ["a row before any columns", packet(ROW_WITHOUT_COLUMNS)],
  ["an error that is cut", packet(ENDLESS_ERROR)],
  ["no columns", packet(EMPTY_COLUMNS)],
  ["columns of an unknown type", packet(Buffer.from("8101000000000009005500", "hex"))],
  ["a packet shorter than its own header", Buffer.from("0401000300000100", "hex")],
  ["a page", Buffer.from("HTTP/1.1 502 Bad Gateway\r\n\r\n<html></html>")],
  ["the end of something else", packet(DONE)],
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((seed): readonly [string, Buffer] => [
    `noise ${seed}`,
    packet(noise(seed, 16 * seed)),
  ]),
];

async function lookAt(spoil: (moment: Moment) => Buffer | "silence" | "cut" | null) {
  const bench: SqlBench = await createSqlBench({ tds: { spoil } });
  const startedAt = bench.clock.now();
  const seen = await bench.run(bench.sql.look(target, "orders"));
  const tookMs = bench.clock.now() - startedAt;
  const readings = [
    await bench.run(bench.sql.replication(target)),
    await bench.run(bench.sql.updateability(target)),
  ];
  const written = await bench.run(bench.sql.write(target, "orders"));
  await bench.close();
  return { seen, tookMs, readings, written };
}

describe.each(MOMENTS)("garbage instead of the answer to the %s", (spoilt) => {
  test.each(SPEAKS_NO_TDS)("%s: nobody is taken for lost", async (_, bytes) => {
    const { seen, tookMs, readings, written } = await lookAt((moment) =>
      moment === spoilt ? bytes : null,
    );
    expect(tookMs).toBeLessThanOrEqual(target.timeoutMs);
    const { result, code } = judgeLook(seen, context);
    // Waiting for the rest of a packet is waiting: a time-out is one.
    if (!code.endsWith("-timed-out")) expect(["alive", "blind"]).toContain(result);
    for (const reading of readings) expect("rows" in reading ? reading.rows : []).toEqual([]);
    expect(readings[1]?.kind).toBe("unknown");
    expect(written).toBe(false);
  });
});

test("rows without end are dropped as they come, and no time-out is made of them", async () => {
  const rows = packet(Buffer.concat([ONE_COLUMN, Buffer.from("d107".repeat(6_000), "hex")]));
  const { seen, tookMs, readings } = await lookAt((moment) => (moment === "query" ? rows : null));
  expect(seen.write).toMatchObject({ kind: "error", number: null });
  expect(tookMs).toBeLessThanOrEqual(target.timeoutMs);
  expect(readings[0]?.kind).toBe("unknown");
});

/** A message that goes on in one packet after the other. */
function endless(start: Buffer, bytes: number): Buffer {
  const first = packet(Buffer.concat([start, Buffer.alloc(60_000 - start.length, 0x41)]));
  const more = packet(Buffer.alloc(60_000, 0x41));
  for (const each of [first, more]) each.writeUInt8(0, 1);
  return Buffer.concat([first, ...Array.from({ length: bytes / 60_000 }, () => more)]);
}
/** Values that are said to have sixty million bytes: at the login one of that, then a column of text and its first row. */
const ENDLESS: Readonly<Record<Moment, Buffer>> = {
  prelogin: Buffer.alloc(0),
  login: Buffer.from("ee00879303", "hex"),
  query: Buffer.from("810100000000000000e7ffff0904d0003400d1feffffffffffffff00879303", "hex"),
};

test.each(MOMENTS)("one value without end at the %s is let go by its size", async (spoilt) => {
  const text = endless(ENDLESS[spoilt], 1_200_000);
  const { seen, tookMs, readings } = await lookAt((moment) => (moment === spoilt ? text : null));
  expect(spoilt === "query" ? seen.write : seen.login).toMatchObject({
    kind: "error",
    code: "answer-too-large",
  });
  expect(["alive", "blind"]).toContain(judgeLook(seen, context).result);
  expect(tookMs).toBeLessThanOrEqual(target.timeoutMs);
  expect(readings[0]?.kind).toBe("unknown");
});

describe.each(MOMENTS)("at the %s", (spoilt) => {
  test("silence ends with the deadline", async () => {
    const { seen, tookMs, written } = await lookAt((moment) =>
      moment === spoilt ? "silence" : null,
    );
    expect(tookMs).toBe(target.timeoutMs);
    const phase = spoilt === "query" ? "query" : "login";
    expect(spoilt === "query" ? seen.write : seen.login).toEqual({ kind: "timeout", phase });
    expect(written).toBe(false);
  });

  test("a cut connection is a cut connection", async () => {
    const { seen, readings, written } = await lookAt((moment) =>
      moment === spoilt ? "cut" : null,
    );
    const cut = { kind: "unreachable", code: "ECONNRESET", said: "ECONNRESET" };
    expect(spoilt === "query" ? seen.write : seen.login).toEqual(cut);
    expect(readings[0]).toEqual({ kind: "unknown", because: "unreachable" });
    expect(written).toBe(false);
  });
});
