import * as df from "durable-functions";
import {
  type Activity,
  lookAndDecide,
  notify,
  ORCHESTRATION,
  pollOperation,
  postFailover,
  record,
  takeClaim,
  verify,
  type Work,
} from "../orchestrations/contracts.ts";
import { failBack } from "../orchestrations/fail-back.ts";
import { incident } from "../orchestrations/incident.ts";
import { createLookAndDecide } from "./activities/look-and-decide.ts";
import { createNotify } from "./activities/notify.ts";
import { createPollOperation } from "./activities/poll-operation.ts";
import { createPostFailover } from "./activities/post-failover.ts";
import { createRecord } from "./activities/record.ts";
import { createTakeClaim } from "./activities/take-claim.ts";
import { createVerify } from "./activities/verify.ts";
import { whileBeating } from "./activities/while-beating.ts";
import type { App } from "./app.ts";
import { registerAlert } from "./triggers/alert.ts";
import { registerApprove } from "./triggers/approve.ts";
import { registerDeny } from "./triggers/deny.ts";
import { registerFailback } from "./triggers/failback.ts";
import { registerFailover } from "./triggers/failover.ts";
import { registerHealth } from "./triggers/health.ts";
import { registerObservations } from "./triggers/observations.ts";
import { registerOverride } from "./triggers/override.ts";
import { registerPause } from "./triggers/pause.ts";
import { registerResume } from "./triggers/resume.ts";
import { registerStatus } from "./triggers/status.ts";
import { registerTick } from "./triggers/tick.ts";
import { registerWithdrawOverride } from "./triggers/withdraw-override.ts";

/** Registers everything the Functions host may call on behalf of one site. */
export function register(app: App): void {
  registerTick(app);
  registerAlert(app);
  registerFailover(app);
  registerFailback(app);
  registerApprove(app);
  registerDeny(app);
  registerPause(app);
  registerResume(app);
  registerOverride(app);
  registerWithdrawOverride(app);
  registerStatus(app);
  registerObservations(app);
  registerHealth(app);

  df.app.orchestration(ORCHESTRATION.incident, incident);
  df.app.orchestration(ORCHESTRATION.failBack, failBack);

  registerActivity(app, lookAndDecide, createLookAndDecide(app));
  registerActivity(app, takeClaim, createTakeClaim(app));
  registerActivity(app, postFailover, createPostFailover(app));
  registerActivity(app, pollOperation, createPollOperation(app));
  registerActivity(app, verify, createVerify(app));
  registerActivity(app, record, createRecord(app));
  registerActivity(app, notify, createNotify(app));
}

function registerActivity<I extends Work, O>(
  app: App,
  activity: Activity<I, O>,
  run: (input: I) => Promise<O>,
): void {
  df.app.activity(activity.name, {
    handler: async (given: unknown): Promise<O> => {
      const input = activity.input.parse(given);
      return whileBeating(app, input, run(input));
    },
  });
}
