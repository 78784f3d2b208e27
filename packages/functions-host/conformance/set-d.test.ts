import { recordedAnswers } from "./answers.ts";
import { setD } from "./probes/set-d.ts";
import { race } from "./probes/set-race.ts";
import { conformance } from "./suite.ts";

conformance({
  name: "main-d",
  app: "main",
  host: "virtual",
  recorded: recordedAnswers("main-d"),
  probes: setD,
  order: "together",
});

conformance({
  name: "override-d",
  app: "override",
  host: "virtual",
  recorded: recordedAnswers("override-d"),
  probes: setD,
  order: "together",
});

conformance({
  name: "race",
  app: "recovery",
  host: "virtual",
  recorded: recordedAnswers("race"),
  probes: [race],
  order: "together",
});
