import type { HttpResponseInit } from "@azure/functions";
import { type AlertReading, readAlert } from "../../shared/alerts/common-alert.ts";
import { groupsBelow, groupsConcerned } from "../../shared/alerts/groups-concerned.ts";
import type { Group } from "../../shared/domain/group.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { NotWritten } from "../../shared/ledger/rows.ts";
import { createDeadline } from "../../shared/ports/deadline.ts";
import type { App } from "../app.ts";
import { findGroup } from "../http/find-group.ts";
import { HttpProblem } from "../http/http-problem.ts";
import { jsonAnswer } from "../http/json-answer.ts";
import { ALERT_BYTES_MAX, readJson } from "../http/read-json.ts";
import { type HttpCall, registerHttp } from "../http/register-http.ts";
import { type Suspected, suspect } from "../keeping/suspect.ts";
import { writeAudit } from "../telling/write-audit.ts";
import { tellNotOfNow, tellRefused, tellResolved, tellUnmatched } from "./alert-notices.ts";

type Understood = Exclude<AlertReading, { kind: "refused" }>;

/** `POST alert` and `POST alert/{group}`: an alert opens an incident and decides nothing. */
export function registerAlert(app: App): void {
  registerHttp(app, {
    name: "http-alert",
    method: "POST",
    route: "alert/{group?}",
    answer: answerAlert,
  });
}

async function answerAlert(call: HttpCall): Promise<HttpResponseInit> {
  const { app, request } = call;
  const alert = readAlert(await readJson(request, ALERT_BYTES_MAX));
  if (alert.kind === "refused") return refuse(app, alert);
  const groups = await groupsOf(app, alert, request.params.group);
  const answer = answerUnderstood(call, alert, groups);
  // Side by side: what is written about it stands before nothing that is done about it.
  const kept = Promise.all([
    record(app, alert, groups),
    groups.length === 0 && alert.kind !== "test" ? tellUnmatched(app, alert) : null,
  ]);
  return inTime(app, alert, groups, async () => {
    const [told] = await Promise.all([
      answer,
      // A line that no store took is lost; the incident, and the log, say what came.
      kept.catch(() => undefined),
    ]);
    return told;
  });
}

/** Azure Monitor gives up after ten seconds, and sends nothing for a quarter of an hour after some failures. */
const ANSWER_MS = 4_500;

/** What is not done by then goes on, and is answered as understood: our own looks decide in any case. */
async function inTime(
  { ports }: App,
  alert: Understood,
  groups: readonly Group[],
  work: () => Promise<HttpResponseInit>,
): Promise<HttpResponseInit> {
  const deadline = createDeadline(ports.clock, ANSWER_MS);
  const done = work();
  done.catch(() => undefined);
  const end = await deadline.race(done);
  deadline.end();
  return end === "late"
    ? understood(
        alert,
        groups,
        "Understood; a store is slow, and what it starts is still under way.",
      )
    : end;
}

async function answerUnderstood(
  call: HttpCall,
  alert: Understood,
  groups: readonly Group[],
): Promise<HttpResponseInit> {
  const { app } = call;
  switch (alert.kind) {
    case "test":
      return understood(alert, groups, "A test notification: recorded, nothing started.");
    case "advice":
      return understood(alert, groups, `Advice (${alert.about}): recorded, nothing started.`);
    case "resolved":
      await Promise.all(groups.map((group) => tellResolved(app, alert, group)));
      return understood(alert, groups, "A recovery: recorded; our own looks decide.");
    case "fired":
      if (!isOfNow(alert, app.ports.clock.now())) {
        await Promise.all(groups.map((group) => tellNotOfNow(app, alert, group)));
        return understood(alert, groups, "It did not fire now: recorded, nothing started.");
      }
      return suspectAll(call, alert, groups);
    default:
      return alert satisfies never;
  }
}

/** Azure Monitor sends again what it could not deliver, for minutes; what comes later is somebody's replay. */
const OLD_MS = 60 * 60_000;
/** By so much a clock of ours may be behind. */
const AHEAD_MS = 10 * 60_000;

/** An alert that does not say when it fired is taken for one of now. */
function isOfNow({ firedAt }: Understood, now: number): boolean {
  return firedAt === null || (now - firedAt <= OLD_MS && firedAt - now <= AHEAD_MS);
}

async function suspectAll(
  { app, client }: HttpCall,
  alert: Understood,
  groups: readonly Group[],
): Promise<HttpResponseInit> {
  const opened = await Promise.allSettled(
    groups.map((group) =>
      suspectUntilKept(app, {
        ledger: app.stores.of(group),
        openedBy: `alert:${alert.rule}`,
        call: null,
        client,
      }),
    ),
  );
  // After all of them have had their turn, so that one unreachable store keeps no other group waiting.
  const failed = opened.find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  const incidents = opened.flatMap((one) =>
    one.status === "fulfilled"
      ? [{ group: one.value.incident.group, id: one.value.incident.id }]
      : [],
  );
  const note =
    groups.length === 0
      ? "It matches no group: recorded, and the line to add was sent as a notice."
      : "Suspicion noted: the incident is confirmed or dropped by our own looks.";
  return understood(alert, groups, note, incidents);
}

const TRIES = 6;
const AGAIN_MS = 10_000;

/** The store that the incident belongs into may be away for a while: Azure Monitor is not made to wait for it. */
async function suspectUntilKept(
  app: App,
  suspected: Suspected,
): Promise<Awaited<ReturnType<typeof suspect>>> {
  for (let tried = 1; ; tried++) {
    try {
      return await suspect(app, suspected);
    } catch (error) {
      if (!(error instanceof NotWritten) || tried === TRIES) throw error;
      await app.ports.clock.sleep(AGAIN_MS);
    }
  }
}

async function groupsOf(
  app: App,
  alert: Understood,
  named: string | undefined,
): Promise<readonly Group[]> {
  const { groups } = app.config;
  if (named === undefined) {
    const concerned = groupsConcerned(alert, groups);
    return concerned.length === 0 && alert.kind === "advice"
      ? groupsBelow(alert, groups)
      : concerned;
  }
  try {
    return [findGroup(app, named)];
  } catch (error) {
    // Nobody reads the answers that an action group gets: people must hear of it as well.
    await Promise.allSettled([record(app, alert, []), tellUnmatched(app, alert, named)]);
    throw error;
  }
}

async function record(app: App, alert: Understood, groups: readonly Group[]): Promise<void> {
  const { kind, rule, alertId, service, targets } = alert;
  const about = alert.kind === "advice" ? alert.about : null;
  const { stores, ports } = app;
  const books: readonly Book[] =
    groups.length === 0 ? [stores.own] : groups.map((group) => stores.of(group).own);
  await Promise.all(
    books.map((book) =>
      writeAudit(app, book, {
        ...NO_DECISION,
        key: ports.newId(),
        ofAt: ports.clock.now(),
        action: `alert-${kind}`,
        actor: `alert:${rule}`,
        detail: { alertId, service, about, targets: targets.slice(0, 10) },
      }),
    ),
  );
}

async function refuse(
  app: App,
  alert: Extract<AlertReading, { kind: "refused" }>,
): Promise<HttpResponseInit> {
  const { because, found } = alert;
  await Promise.allSettled([
    writeAudit(app, app.stores.own, {
      ...NO_DECISION,
      key: app.ports.newId(),
      ofAt: app.ports.clock.now(),
      action: "alert-refused",
      actor: "alert",
      detail: { because, found },
    }),
    tellRefused(app, alert),
  ]);
  throw new HttpProblem({
    status: 400,
    slug: `alert-${alert.because}`,
    title: "Not an alert of the common schema",
    detail: `Cannot read the alert: ${alert.because}: ${alert.found}. ${CONFIGURE}`,
  });
}

const NO_DECISION = { incidentId: null, rule: null, receiptId: null };

const CONFIGURE =
  'Switch on "Enable the common alert schema" (useCommonAlertSchema: true) for this receiver of the action group.';

function understood(
  alert: Understood,
  groups: readonly Group[],
  note: string,
  incidents: readonly { readonly group: string; readonly id: string }[] = [],
): HttpResponseInit {
  const names = groups.map((group) => group.name);
  return jsonAnswer(202, {
    understood: alert.kind,
    rule: alert.rule,
    groups: names,
    incidents,
    note,
  });
}
