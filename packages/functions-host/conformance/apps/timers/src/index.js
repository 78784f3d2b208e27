"use strict";

const { app } = require("@azure/functions");
const { log, sleep } = require("../../probe-kit");

function timer(n, schedule, { takesMs = 0, fails, ...options } = {}) {
  app.timer(n, {
    schedule,
    ...options,
    handler: async (payload, context) => {
      log({
        ev: "fire",
        n,
        timer: payload,
        retry: context.retryContext,
        md: context.triggerMetadata,
      });
      if (takesMs > 0) await sleep(takesMs);
      if (fails) throw new Error(fails);
      log({ ev: "done", n });
    },
  });
}

timer("every15", "*/15 * * * * *");
timer("every30", "*/30 * * * * *");
timer("everymin", "0 * * * * *");
timer("every2min", "0 */2 * * * *");
timer("hourly", "0 0 * * * *");
timer("startup", "0 0 0 1 1 *", { runOnStartup: true });
timer("startupmin", "30 * * * * *", { runOnStartup: true });
timer("nomon", "20 * * * * *", { useMonitor: false });
timer("overlap", "*/20 * * * * *", { takesMs: 33_000 });
timer("overlapmin", "10 * * * * *", { takesMs: 75_000 });
timer("span", "00:01:10");
timer("fivefield", "*/2 * * * *");
timer("thrower", "40 * * * * *", { fails: "timer boom" });
timer("retrier", "50 * * * * *", {
  fails: "timer retry boom",
  retry: { strategy: "fixedDelay", delayInterval: { seconds: 2 }, maxRetryCount: 2 },
});
