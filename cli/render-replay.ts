import { PRODUCT } from "../functions/product.ts";
import type { Decision } from "../shared/domain/decision.ts";
import { sayInstant } from "../shared/text/say-instant.ts";
import type { Replayed } from "./replay-decision.ts";

type Done = Extract<Replayed, { kind: "replayed" }>;

/** What replaying came to: one paragraph for each receipt, or one JSON object on a line. */
export function renderReplay(
  replayed: readonly Replayed[],
  json: boolean,
): { readonly stdout: string; readonly stderr: string } {
  if (json)
    return {
      stdout: replayed.map((one) => `${JSON.stringify(toJson(one))}\n`).join(""),
      stderr: "",
    };
  const done = replayed.flatMap((one) => (one.kind === "replayed" ? [one] : []));
  const not = replayed.flatMap((one) =>
    one.kind === "replayed" ? [] : [`Cannot replay ${one.from}: ${one.because}\n`],
  );
  return { stdout: [...done.map(paragraph), ...summary(done)].join("\n"), stderr: not.join("") };
}

function summary(done: readonly Done[]): string[] {
  if (done.length < 2) return [];
  const same = done.filter(({ replay }) => replay.differences.length === 0).length;
  return [`${same} same, ${done.length - same} different\n`];
}

function paragraph(done: Done): string {
  const { receipt, replay, under } = done;
  const { differences, judged } = replay;
  const lines = [
    `${receipt.id}: ${differences.length === 0 ? "same" : "different"}`,
    `  ${receipt.facts.group}, ${sayInstant(receipt.writtenAt)}, written by ${receipt.product}, replayed by ${PRODUCT}`,
    `  was  ${gist(receipt.decision)}`,
    `  now  ${differences.length === 0 ? "the same" : gist(judged.decision)}`,
    ...differences.map(({ part, was, now }) => `  ${part}: ${was} → ${now}`),
  ];
  if (under !== null) {
    lines.push(
      `  now is by the policy in ${under}; what was seen and counted until then stays as it was`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function gist({ verdict, kind, rule, diagnosis }: Decision): string {
  return `${verdict}${kind === null ? "" : `, ${kind}`}, by ${rule}; ${diagnosis}`;
}

function toJson(one: Replayed): Record<string, unknown> {
  if (one.kind !== "replayed") return { from: one.from, outcome: one.kind, because: one.because };
  const { receipt, replay, from, under } = one;
  return {
    from,
    outcome: replay.differences.length === 0 ? "same" : "different",
    id: receipt.id,
    group: receipt.facts.group,
    writtenAt: receipt.writtenAt,
    writtenBy: receipt.product,
    replayedBy: PRODUCT,
    policy: under ?? "the receipt's own",
    was: brief(receipt.decision),
    now: brief(replay.judged.decision),
    differences: replay.differences,
  };
}

function brief({ verdict, kind, rule, diagnosis }: Decision): Partial<Decision> {
  return { verdict, kind, rule, diagnosis };
}
