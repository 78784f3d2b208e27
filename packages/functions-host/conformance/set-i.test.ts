import { recordedAnswers, recordedSamples } from "./answers.ts";
import { setI } from "./probes/set-i.ts";
import { setIMore } from "./probes/set-i-more.ts";
import { SAMPLES, setSamples } from "./probes/set-samples.ts";
import { conformance } from "./suite.ts";

conformance({
  name: "main-in",
  app: "main",
  host: "on a socket",
  recorded: new Map([...recordedAnswers("main-in"), ...recordedSamples(SAMPLES)]),
  probes: [...setI, ...setIMore, ...setSamples],
  order: "one by one",
});
