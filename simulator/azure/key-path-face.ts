import type { KeyCheck, KeyPath } from "../../shared/ports/key-path.ts";
import { type KeyCheckState, keyCheckState, startKeyCheck } from "./control-plane.ts";
import { askOf } from "./instances-face.ts";
import { keyCheckUrls } from "./poll-urls.ts";
import type { Vantage, World } from "./world.ts";

const RETRY_AFTER_MS = 5_000;

/** The instances' own checks of their keys, as one site asks for them. */
export function createKeyPathFace(
  world: World,
  vantage: Vantage,
  { timeoutMs = 8_000 }: { readonly timeoutMs?: number } = {},
): KeyPath {
  return {
    start: async (instance) => {
      const answer = await askOf(world, vantage, instance, timeoutMs, (group, side) => {
        if (world.settings.keys === "service") return { ticket: null };
        const check = startKeyCheck(world, group, side);
        return { ticket: keyCheckUrls(world, group, check).operation };
      });
      if (answer.kind === "unknown") return { kind: "unanswered", because: answer.because };
      const { ticket } = answer.value;
      if (ticket === null) return { kind: "answered", answer: { kind: "not-needed" } };
      return { kind: "running", ticket, retryAfterMs: RETRY_AFTER_MS };
    },
    poll: async (instance, ticket) => {
      const answer = await askOf(world, vantage, instance, timeoutMs, (group) => {
        const target = world.pollUrls.get(ticket);
        const check = target?.kind === "key-check" ? group.keyChecks.get(target.id) : undefined;
        return { state: check === undefined ? null : keyCheckState(world, group, check) };
      });
      if (answer.kind === "unknown") return { kind: "unanswered", because: answer.because };
      const { state } = answer.value;
      if (state === null) {
        return { kind: "unanswered", because: "http-404 (OperationIdNotFound)" };
      }
      return startOf(state, ticket);
    },
  };
}

function startOf(state: KeyCheckState, ticket: string): KeyCheck {
  switch (state.kind) {
    case "running":
      return { kind: "running", ticket, retryAfterMs: RETRY_AFTER_MS };
    case "proven":
      return { kind: "answered", answer: { kind: "proven" } };
    case "failed": {
      const { because, code } = state;
      return because === "denied"
        ? { kind: "answered", answer: { kind: "denied", code } }
        : { kind: "answered", answer: { kind: "unknown", reason: because, because: code } };
    }
    default:
      return state satisfies never;
  }
}
