import { recordedAnswers } from "./answers.ts";
import { setA } from "./probes/set-a.ts";
import { conformance } from "./suite.ts";

conformance({
  name: "main-a",
  app: "main",
  host: "virtual",
  recorded: recordedAnswers("main-a", "main-a_2", "main-a_3"),
  probes: setA,
  order: "together",
});
