import { beforeEach, describe, expect, test } from "vitest";
import { watchMotor } from "../../../functions/keeping/keep-motors.ts";
import type { Incident } from "../../../shared/domain/incident.ts";
import type { Watch } from "../../../shared/domain/watch.ts";
import { type Bench, startBench } from "../../support/activity-bench.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});

describe("what was seen of another site's motor", () => {
  const AT = 1_000_000;
  const last = {
    incidentId: "inc-1",
    motor: 1,
    heartbeatAt: AT,
    changedAt: AT + 5,
    hasSent: false,
  };
  const see = (change: Partial<Incident>, before: Watch["motor"] = last, now = AT + 50) =>
    watchMotor(
      bench.neu,
      {
        id: "inc-1",
        motor: 1,
        motorSite: "sec",
        heartbeatAt: AT,
        phases: { postedAt: null },
        ...change,
      } as Incident,
      before,
      now,
    );

  test("stands while it does not move, and begins anew when it does", () => {
    expect(see({})).toEqual(last);
    expect(see({ heartbeatAt: AT + 1 })).toMatchObject({ heartbeatAt: AT + 1, changedAt: AT + 50 });
    expect(see({ id: "inc-2" })).toMatchObject({ incidentId: "inc-2", changedAt: AT + 50 });
    expect(see({}, null)).toMatchObject({ changedAt: AT + 50 });
  });

  test("goes on standing while it is started anew and does no work", () => {
    const anew = see({ motor: 2, heartbeatAt: AT + 40 });
    expect(anew).toEqual({ ...last, motor: 2, heartbeatAt: AT + 40 });
    expect(see({ motor: 2, heartbeatAt: AT + 45 }, anew)).toMatchObject({ changedAt: AT + 50 });
  });

  test("in the future, by a clock that was set back, begins anew", () => {
    expect(see({}, last, AT + 5)).toEqual(last);
    expect(see({}, last, AT + 4)).toMatchObject({ changedAt: AT + 4 });
  });

  test("is nothing where it is our own, nobody's, or there is no incident", () => {
    expect(see({ motorSite: "neu" })).toBeNull();
    expect(see({ motorSite: null })).toBeNull();
    expect(watchMotor(bench.neu, null, last, AT)).toBeNull();
  });
});
