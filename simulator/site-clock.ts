import type { Clock } from "functions-host/clock";
import type { World } from "./azure/world/world.ts";

/** The clock of one site, as wrong as the world says, and its process, which may stand still. */
export interface SiteClock extends Clock {
  /** Ends when the process runs again; null while it runs. */
  awake(): Promise<void> | null;
}

/** What happens follows the world's clock; what the site takes the time for is its own business. */
export function createSiteClock(world: World, clock: Clock, site: string): SiteClock {
  const isHere = (fault: { readonly site: string }): boolean => fault.site === site;
  const skewMs = (): number => {
    world.now();
    return world.faults("clock-off").reduce((sum, each) => sum + (isHere(each) ? each.ms : 0), 0);
  };
  const stallEndsAt = (): number | null => {
    world.now();
    const ends = world.spans("site-stalls").filter(({ fault }) => isHere(fault));
    return ends.length === 0 ? null : Math.max(...ends.map(({ endAt }) => endAt));
  };
  const now = (): number => clock.now() + skewMs();
  /** Timers count the time that is left: setting the clock does not move them. */
  const setTimer: Clock["setTimer"] = (at, run) => {
    let timer = clock.setTimer(at - skewMs(), () => {
      const endsAt = stallEndsAt();
      if (endsAt === null) run();
      else timer = clock.setTimer(endsAt, run);
    });
    return { cancel: () => timer.cancel() };
  };
  return {
    now,
    setTimer,
    sleep: (ms) => new Promise((resolve) => setTimer(now() + ms, resolve)),
    hold: (work) => clock.hold(work),
    awake: () => {
      const endsAt = stallEndsAt();
      return endsAt === null ? null : clock.sleep(endsAt - clock.now());
    },
  };
}
