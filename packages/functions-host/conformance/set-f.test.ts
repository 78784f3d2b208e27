import { recordedAnswers } from "./answers.ts";
import { setF } from "./probes/set-f.ts";
import { conformance } from "./suite.ts";

conformance({
  name: "main-f",
  app: "main",
  host: "virtual",
  recorded: recordedAnswers("main-f"),
  probes: setF,
  order: "together",
});
