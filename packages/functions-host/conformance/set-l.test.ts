import { recordedAnswers } from "./answers.ts";
import { crashesByRoute, crashesInActivities, crashesOfOrchestrators } from "./probes/set-l.ts";
import { conformance } from "./suite.ts";

// A host takes no more than three crashes: each of these lists is put to a host of its own.

const byRoute = new Map([...recordedAnswers("crash-l13")].filter(([id]) => id.startsWith("l3.")));

conformance({
  name: "crash-l13",
  app: "crash",
  host: "virtual",
  recorded: byRoute,
  probes: crashesByRoute,
  order: "one by one",
});

conformance({
  name: "crash-l1",
  app: "crash",
  host: "virtual",
  recorded: recordedAnswers("crash-l1", "crash-l6"),
  probes: crashesInActivities,
  order: "one by one",
});

conformance({
  name: "crash-l5",
  app: "crash",
  host: "virtual",
  recorded: recordedAnswers("crash-l5"),
  probes: crashesOfOrchestrators,
  order: "one by one",
});
