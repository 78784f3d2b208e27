import { recordedAnswers } from "./answers.ts";
import { setG } from "./probes/set-g.ts";
import { conformance } from "./suite.ts";

conformance({
  name: "perf-o",
  app: "perf",
  host: "virtual",
  recorded: recordedAnswers("perf-o"),
  probes: setG,
  order: "one by one",
});
