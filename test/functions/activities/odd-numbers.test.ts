// A clock of the secondary that is behind by a moment must not end the rounds of an incident, nor a tick.

import { expect, test } from "vitest";
import { readReplication } from "../../../shared/azure/sql/read-rows.ts";
import type { Sql } from "../../../shared/ports/sql.ts";
import { lookUntil, loseRegion, startBench, tickOnce } from "../../support/activity-bench.ts";

test("a secondary whose newest commit is three milliseconds ahead of its clock ends neither a tick nor a round", async () => {
  const bench = await startBench();
  const { sql } = bench.neu.ports;
  const behind: Sql["replication"] = async (target) => {
    const reading = await sql.replication(target);
    if (reading.kind === "unknown") return reading;
    const cells = reading.rows.map(({ database, lagSeconds, lastCommitMark }) => [
      ...[database, lagSeconds, "-3"],
      String(lastCommitMark),
    ]);
    return { kind: "read", rows: readReplication(cells) ?? [] };
  };
  const neu = {
    ...bench.neu,
    ports: { ...bench.neu.ports, sql: { ...sql, replication: behind } },
  };
  await bench.run(tickOnce(neu, bench.group));
  const work = await loseRegion({ ...bench, neu });
  expect(await lookUntil({ ...bench, neu }, work, "hold")).toMatchObject({ rule: "grace" });
});
