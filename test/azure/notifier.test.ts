import { describe, expect, test } from "vitest";
import { cloudEvent } from "../../shared/azure/cloud-event.ts";
import type { HttpSend } from "../../shared/azure/http-send.ts";
import { createWebhookNotifier, type LogLine } from "../../shared/azure/webhook-notifier.ts";
import { EventType, type OutgoingEvent } from "../../shared/domain/event.ts";
import { createLab } from "../contract/world-under-test.ts";

const WEBHOOK = "https://hooks.example.net/secret-path?sig=secret-signature";
const ONE_TIME_TOKEN = "one-time-token-that-approves-everything";

const ask: OutgoingEvent = {
  id: "orders-fog-abc~ask~1",
  type: "ask",
  group: "orders-fog",
  incidentId: "orders-fog-abc",
  at: Date.UTC(2026, 0, 15, 9),
  urgent: true,
  text: "orders-fog: ask: see https://portal.example.net/x?sig=abc",
  data: { token: ONE_TIME_TOKEN },
};

type Answer = number | "no-answer" | "hangs";

function start(answers: readonly Answer[], webhook: string | null = WEBHOOK) {
  const lab = createLab();
  const lines: LogLine[] = [];
  const sent: Parameters<HttpSend>[0][] = [];
  const send: HttpSend = async (request) => {
    const answer = answers[sent.length] ?? 200;
    sent.push(request);
    if (answer === "hangs") await lab.clock.sleep(request.timeoutMs);
    if (typeof answer === "string") throw new Error(`Cannot send to ${request.url}`);
    return { status: answer, text: "" };
  };
  const notifier = createWebhookNotifier({
    site: "neu",
    webhook,
    send,
    clock: lab.clock,
    log: (line) => lines.push(line),
  });
  const startedAt = lab.clock.now();
  return {
    lines,
    sent,
    tell: (event: OutgoingEvent = ask) => lab.run(notifier.send(event)),
    tookMs: () => lab.clock.now() - startedAt,
  };
}

describe("telling people", () => {
  test("is one POST of a CloudEvent, and one line in the log", async () => {
    const { tell, sent, lines } = start([]);
    expect(await tell()).toBe("sent");
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      method: "POST",
      url: WEBHOOK,
      headers: { "content-type": "application/cloudevents+json; charset=utf-8" },
    });
    expect(JSON.parse(sent[0]?.body ?? "")).toEqual({
      specversion: "1.0",
      id: ask.id,
      source: "/geo-failover",
      type: "geo-failover.ask",
      subject: "orders-fog",
      time: "2026-01-15T09:00:00.000Z",
      datacontenttype: "application/json",
      data: {
        site: "neu",
        group: "orders-fog",
        incidentId: "orders-fog-abc",
        urgent: true,
        text: ask.text,
        details: { token: ONE_TIME_TOKEN },
      },
    });
    expect(lines).toMatchObject([
      { level: "error", what: "event", eventId: ask.id, type: "ask", urgent: true },
    ]);
  });

  test("by two sites of one event is one event for whoever listens: source and id are the same", () => {
    const [neu, sec] = ["neu", "sec"].map((site) => cloudEvent(ask, site));
    expect([neu?.source, neu?.id]).toEqual([sec?.source, sec?.id]);
    expect(neu?.data.site).not.toBe(sec?.data.site);
  });

  test.each([
    ["after a try that got no answer", ["no-answer"]],
    ["after a try that hung", ["hangs"]],
    ["after 503 and 429", [503, 429]],
  ] as const)("succeeds %s, under the same id", async (_, answers) => {
    const { tell, sent } = start(answers);
    expect(await tell()).toBe("sent");
    expect(sent).toHaveLength(answers.length + 1);
    expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
  });

  test("fails after three tries, within the eight seconds that a caller waits", async () => {
    const { tell, sent, lines, tookMs } = start(["hangs", "hangs", "hangs"]);
    expect(await tell()).toBe("failed");
    expect(sent).toHaveLength(3);
    expect(tookMs()).toBeLessThan(8_000);
    const notSent = { level: "error", what: "not-sent", because: "no-answer", eventId: ask.id };
    expect(lines.at(-1)).toMatchObject(notSent);
  });

  test.each([301, 400, 401, 404, 410])("is not tried again after %i", async (status) => {
    const { tell, sent, lines } = start([status]);
    expect(await tell()).toBe("failed");
    expect(sent).toHaveLength(1);
    expect(lines.at(-1)).toMatchObject({ what: "not-sent", because: `http-${status}` });
  });

  const TELLING = EventType.options.filter((type) => type !== "ask");
  test.each(TELLING)("of a %s is a line in the log where there is no webhook", async (type) => {
    const { tell, sent, lines } = start([], null);
    expect(await tell({ ...ask, type })).toBe("sent");
    expect(sent).toEqual([]);
    expect(lines).toHaveLength(1);
  });

  test.each([
    ["ask", true, "error"],
    ["ask", false, "warning"],
    ["page", false, "warning"],
    ["failed-over", true, "error"],
    ["notice", false, "information"],
  ] as const)("of type %s, urgent: %s, is a line of level %s", async (type, urgent, level) => {
    const { tell, lines } = start([]);
    await tell({ ...ask, type, urgent });
    expect(lines).toMatchObject([{ level, what: "event", type }]);
  });

  test("never counts as asking where the token of the answer could go nowhere", async () => {
    const { tell, lines } = start([], null);
    expect(await tell(ask)).toBe("logged");
    expect(lines).toMatchObject([
      { what: "event", eventId: ask.id },
      { what: "not-sent", eventId: ask.id, because: "no-webhook" },
    ]);
  });

  test.each([[], ["no-answer", "no-answer", "no-answer"], [403]] as const)(
    "writes no token, no signature and no webhook into the log (%j)",
    async (...answers) => {
      const { tell, lines } = start(answers);
      await tell();
      const log = JSON.stringify(lines);
      expect(log).not.toMatch(/one-time|sig=abc|hooks\.example|secret/);
      expect(lines.length).toBeGreaterThan(0);
    },
  );
});

test("every type of event has a name of its own on the wire, the four hooks among them", () => {
  const types = EventType.options.map((type) => cloudEvent({ ...ask, type }, "neu").type);
  expect(types).toEqual(
    expect.arrayContaining([
      "geo-failover.about-to-fail-over",
      "geo-failover.failed-over",
      "geo-failover.writable",
      "geo-failover.protected",
    ]),
  );
  expect(new Set(types).size).toBe(EventType.options.length);
});
