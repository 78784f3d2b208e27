import { recordedAnswers } from "./answers.ts";
import { setH } from "./probes/set-h.ts";
import { conformance } from "./suite.ts";

conformance({
  name: "described-h",
  app: "timers",
  host: "virtual",
  recorded: recordedAnswers("described-h"),
  probes: setH,
  order: "one by one",
});
