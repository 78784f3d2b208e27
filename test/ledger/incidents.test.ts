// The one incident of a group: opened once, changed by its own motor alone, over for good.

import { describe, expect, test } from "vitest";
import type { Incident } from "../../shared/domain/incident.ts";
import {
  changeIncident,
  incidentIn,
  openIncident,
  openIncidentIn,
} from "../../shared/ledger/incidents.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import { call } from "../support/facts.ts";
import { startLedger } from "../support/ledger-bench.ts";
import { NOW, suspicion } from "../support/ledger-rows.ts";

describe("an incident", () => {
  const WORK = { incidentId: "inc-1", motor: 0 };

  test("begins with nothing known but who suspected what, and when", async () => {
    const { at, run } = startLedger();
    const { incident, opened } = await run(openIncident(at("neu"), suspicion()));
    expect(opened).toBe(true);
    expect(incident).toMatchObject({
      id: "inc-1",
      openedAt: NOW,
      motor: 0,
      motorSite: null,
      call: null,
      closedAt: null,
      phases: { suspectedAt: NOW, onsetAt: null, postedAt: null, movedAt: null },
    });
    expect([incident.samples, incident.secondaryCommits, incident.outage.ended]).toEqual([
      [],
      [],
      [],
    ]);
  });

  test("that is open is found again, and a call joins it; a suspicion without one changes nothing", async () => {
    const { at, run } = startLedger();
    await run(openIncident(at("neu"), suspicion()));
    const joined = await run(openIncident(at("neu"), suspicion({ id: "inc-2", call: call() })));
    expect(joined).toMatchObject({ opened: false, incident: { id: "inc-1", call: call() } });
    const again = await run(openIncident(at("neu"), suspicion({ id: "inc-3" })));
    expect(again).toMatchObject({ opened: false, incident: { id: "inc-1", call: call() } });
  });

  test("after one that is over is a new one, and the outages of that one count on", async () => {
    const { at, run } = startLedger();
    const book = at("neu");
    const ended = [{ onsetAt: NOW - 9, endedAt: NOW - 5, rounds: 3 }];
    await run(openIncident(book, suspicion()));
    await run(
      changeIncident(book, WORK, (row) => ({
        ...row,
        closedAt: NOW,
        end: "recovered",
        outage: { ...row.outage, ended },
      })),
    );
    const next = await run(openIncident(book, suspicion({ id: "inc-2" })));
    expect(next).toMatchObject({ opened: true, incident: { id: "inc-2", outage: { ended } } });
  });

  test("is changed by its own motor while it is open, and by nobody where there is none", async () => {
    const { at, run } = startLedger();
    const book = at("neu");
    const mark = (row: Incident): Incident => ({ ...row, motorSite: "neu" });
    expect(await run(changeIncident(book, WORK, mark))).toBeNull();
    await run(openIncident(book, suspicion()));
    expect(await run(changeIncident(book, { ...WORK, incidentId: "inc-2" }, mark))).toBeNull();
    expect(await run(changeIncident(book, WORK, mark))).toMatchObject({
      kind: "changed",
      value: { motorSite: "neu" },
    });
    const rows = await run(readLive(book));
    expect(openIncidentIn(rows)).toMatchObject({ id: "inc-1", motorSite: "neu" });
    await run(changeIncident(book, WORK, (row) => ({ ...row, closedAt: NOW, end: "recovered" })));
    expect(openIncidentIn(await run(readLive(book)))).toBeNull();
    expect(valueOrNull(incidentIn(await run(readLive(book))))).toMatchObject({ end: "recovered" });
    expect(openIncidentIn(await run(readLive(at("weu"))))).toBeNull();
  });
});
