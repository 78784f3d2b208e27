import { recordedAnswers } from "./answers.ts";
import { setB } from "./probes/set-b.ts";
import { conformance } from "./suite.ts";

conformance({
  name: "main-b",
  app: "main",
  host: "virtual",
  recorded: recordedAnswers("main-b", "main-b_3"),
  probes: setB,
  order: "together",
});
