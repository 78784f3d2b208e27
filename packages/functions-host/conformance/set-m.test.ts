import { recordedAnswers } from "./answers.ts";
import { setM } from "./probes/set-m.ts";
import { conformance } from "./suite.ts";

conformance({
  name: "main-m",
  app: "main",
  host: "virtual",
  recorded: recordedAnswers("main-m"),
  probes: setM,
  order: "one by one",
});
