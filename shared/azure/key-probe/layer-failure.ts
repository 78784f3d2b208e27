import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { NoToken } from "../arm-exchange.ts";
import { AnswerTooLarge } from "../limit-answers.ts";
import { azureWord } from "../presentable.ts";
import { isDefinite, vaultCode } from "./vault-refusal.ts";

/** What lies between us and a key, in the order in which it is met. */
export type KeyLayer =
  | "dns"
  | "connect"
  | "identity"
  | "firewall"
  | "get-key"
  | "key-state"
  | "wrap"
  | "unwrap";

export interface LayerFailure {
  readonly layer: KeyLayer;
  readonly code: string;
  readonly definite: boolean;
}

const FIREWALL = /^Forbidden(ByFirewall|ByConnection)$/i;
const KEY_STATE =
  /^(KeyNotFound|KeyDisabled|KeyDeleted|KeyExpired|ObjectIsDeletedButRecoverable)$/i;

/** Which layer a failed step failed in, and with what code. */
export function describeFailure(
  step: KeyLayer,
  error: unknown,
  answer: PipelineResponse | null,
): LayerFailure {
  if (error instanceof NoToken) return { layer: "identity", code: "no-token", definite: false };
  if (error instanceof AnswerTooLarge) return { layer: step, code: error.code, definite: false };
  if (answer === null) {
    // Nobody answered: the name, the way, or the far end.
    const layer = step === "dns" ? "dns" : "connect";
    return { layer, code: networkCode(error), definite: false };
  }
  const code = vaultCode(answer.bodyAsText ?? "");
  const { status } = answer;
  if (status >= 200 && status <= 299) {
    return { layer: step, code: "unreadable-answer", definite: false };
  }
  const definite = isDefinite(status, code);
  return { layer: layerOf(step, status, code), code: code ?? `http-${status}`, definite };
}

function layerOf(step: KeyLayer, status: number, code: string | null): KeyLayer {
  if (status === 401) return "identity";
  if (code !== null && FIREWALL.test(code)) return "firewall";
  return code !== null && KEY_STATE.test(code) ? "key-state" : step;
}

function networkCode(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  return azureWord(code) ?? "no-answer";
}
