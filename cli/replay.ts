import type { Policy } from "../shared/domain/policy.ts";
import type { DecisionReceipt } from "../shared/domain/receipt.ts";
import { type Answer, misused } from "./answer.ts";
import type { Command, Given } from "./command.ts";
import { findConfigured, readConfigFile } from "./read-policy.ts";
import { type Found, readReceipts } from "./read-receipts.ts";
import { renderReplay } from "./render-replay.ts";
import { type Replayed, replayDecision } from "./replay-decision.ts";

const TAKES = "FILE... [--config POLICY] [--group GROUP] [--json]";

/** `replay`: makes decisions again from their receipts, under the policy they hold or another one. */
export const replay: Command = {
  words: "replay",
  takes: TAKES,
  says: "makes the decision of a receipt again, and says same or different",
  options: {
    config: { type: "string" },
    group: { type: "string" },
    json: { type: "boolean" },
  },
  operands: "some",
  run: (given) => {
    const policies = policiesOf(given);
    if (policies.kind === "refused") return misused(policies.because, `replay ${TAKES}\n`);
    const replayed = readReceipts(given.operands).map((found) => replayOne(found, policies));
    return answer(replayed, given.options.json === true);
  },
};

type Policies =
  | {
      readonly kind: "asked";
      /** The policy to decide by; null: the receipt's own. A text says why there is none. */
      readonly of: (receipt: DecisionReceipt) => Policy | string | null;
      readonly path: string | null;
    }
  | { readonly kind: "refused"; readonly because: string };

function policiesOf({ options, env }: Given): Policies {
  const { config: path, group } = options;
  if (typeof path !== "string") {
    return group === undefined
      ? { kind: "asked", of: () => null, path: null }
      : {
          kind: "refused",
          because: "replay: --group names a group of --config, and none was given",
        };
  }
  const reading = readConfigFile(path, env);
  if (reading.kind === "refused") return reading;
  return {
    kind: "asked",
    path,
    of: ({ facts }) => {
      const name = typeof group === "string" ? group : facts.group;
      const found = findConfigured(reading.config, name);
      return found.kind === "read" ? found.group.policy : `${found.because}; name it with --group`;
    },
  };
}

function replayOne(found: Found, policies: Extract<Policies, { kind: "asked" }>): Replayed {
  const { from } = found;
  if (found.kind === "refused") return { kind: "refused", from, because: found.because };
  const { receipt } = found;
  if (receipt.kind === "failover") {
    return { kind: "no-decision", from, because: "it is of a failover: nothing was decided in it" };
  }
  const policy = policies.of(receipt);
  if (typeof policy === "string") return { kind: "refused", from, because: policy };
  const again = replayDecision(receipt, policy ?? receipt.policy);
  return { kind: "replayed", from, receipt, replay: again, under: policies.path };
}

/** The worst that happened; receipts that decided nothing count only when there is nothing else. */
function answer(replayed: readonly Replayed[], json: boolean): Answer {
  const refused = replayed.some(({ kind }) => kind === "refused");
  const decided = replayed.flatMap((one) => (one.kind === "replayed" ? [one] : []));
  const differs = decided.some(({ replay: { differences } }) => differences.length > 0);
  const exitCode = refused || decided.length === 0 ? 2 : differs ? 1 : 0;
  const { stdout, stderr } = renderReplay(replayed, json);
  return { exitCode, stdout, stderr };
}
