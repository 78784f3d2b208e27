import { recordedAnswers } from "./answers.ts";
import { setC } from "./probes/set-c.ts";
import { rewinding, setE } from "./probes/set-e.ts";
import { conformance } from "./suite.ts";

// What the observations describe without giving the answer itself.

conformance({
  name: "described",
  app: "main",
  host: "virtual",
  recorded: recordedAnswers("described"),
  probes: [...setE, ...setC],
  order: "one by one",
});

conformance({
  name: "described-recovery",
  app: "recovery",
  host: "virtual",
  recorded: recordedAnswers("described-recovery"),
  probes: [rewinding],
  order: "one by one",
});
