import { recordedAnswers } from "./answers.ts";
import { setK, setKSpinning } from "./probes/set-k.ts";
import { conformance } from "./suite.ts";

const recorded = [...recordedAnswers("timeout-k")];
const isSpinning = ([id]: readonly [string, unknown]): boolean => id.includes("spins");

conformance({
  name: "timeout-k",
  app: "timeout",
  host: "virtual",
  recorded: new Map(recorded.filter((entry) => !isSpinning(entry))),
  probes: setK,
  order: "one by one",
});

// A busy loop stops whoever shares its thread: here the worker has to be another process.

conformance({
  name: "timeout-k",
  app: "timeout",
  host: "on a socket",
  speed: 20,
  recorded: new Map(recorded.filter(isSpinning)),
  probes: setKSpinning,
  order: "one by one",
});
