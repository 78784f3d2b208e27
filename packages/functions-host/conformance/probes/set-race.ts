import { brief } from "../bench.ts";
import { type Json, parseJsonOrText, toJson } from "../json.ts";
import type { Probe } from "../probe.ts";

const STARTS = [0, 1, 2, 3, 4, 5];

/** Six starts of one id at the same time: most are accepted, one runs. */
export const race: Probe = async (bench) => {
  const instanceId = bench.idFor("race");
  const answers = await Promise.all(
    STARTS.map((i) => bench.webhook("POST", `orchestrators/RaceO/${instanceId}`, { i })),
  );
  const end = await bench.settle(instanceId, 15_000);
  const accepted = STARTS.filter((i) => answers[i]?.status === 202);
  const other: Json[] = answers
    .filter(({ status }) => status !== 202)
    .map(({ status, text }) => `${status}${typeof parseJsonOrText(text) === "string" ? "" : text}`);
  const { s, out } = brief(end);
  return {
    race: {
      observed: toJson({ accepted, other, status: s, input: end.status?.input, out }),
    },
  };
};
