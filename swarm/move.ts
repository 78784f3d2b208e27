import type { GuardId } from "../shared/domain/guard.ts";
import type { FailoverKind } from "../shared/domain/purpose.ts";
import type { Fault } from "../simulator/faults.ts";

/** Something that befalls the world, a host, or a site by the hand of a person. Times count from the start. */
export type Move =
  | {
      readonly kind: "fault";
      readonly fault: Fault & { readonly at: number; readonly for: number };
    }
  | {
      readonly kind: "death";
      readonly at: number;
      readonly site: string;
      readonly how: "crash" | "kill" | "stop";
    }
  | {
      readonly kind: "pause";
      readonly at: number;
      readonly site: string;
      readonly owner: string;
      /** Null: it stands to the end. */
      readonly liftedAt: number | null;
    }
  /** Every ask is answered, at each of these sites. */
  | {
      readonly kind: "answer";
      readonly says: "approve" | "deny";
      readonly sites: readonly string[];
      readonly afterMs: number;
    }
  | {
      readonly kind: "call";
      readonly at: number;
      readonly site: string;
      readonly what: "failover" | "failback";
      readonly failover: FailoverKind;
      readonly accepts: readonly GuardId[];
    };

/** What the run of one seed is made of. */
export interface Plan {
  readonly seed: number;
  readonly story: string;
  readonly mode: "observe" | "approve" | "automatic";
  /** Whether the group goes back while the run lasts: never, or soon, by itself, by approval, by call, or not before night. */
  readonly home: "stays" | "automatic" | "approve" | "off" | "by-night";
  readonly moves: readonly Move[];
  /** Their times count from the first request of the run. */
  readonly crossing: readonly Move[];
}

/** The same at another time. */
export function shift(move: Move, byMs: number): Move {
  const later = (at: number): number => Math.max(0, at + byMs);
  switch (move.kind) {
    case "fault":
      return { ...move, fault: { ...move.fault, at: later(move.fault.at) } };
    case "death":
    case "call":
      return { ...move, at: later(move.at) };
    case "pause": {
      const { liftedAt } = move;
      return { ...move, at: later(move.at), liftedAt: liftedAt === null ? null : later(liftedAt) };
    }
    case "answer":
      return move;
    default:
      return move satisfies never;
  }
}

/** In a word what a move is, for counting. */
export function nameOf(move: Move): string {
  switch (move.kind) {
    case "fault":
      return move.fault.fault;
    case "death":
      return `host-${move.how}`;
    case "pause":
      return "pause";
    case "answer":
      return move.says;
    case "call":
      return `call-${move.what}`;
    default:
      return move satisfies never;
  }
}

/** When it first shows. An answer is given whenever somebody asks. */
export function beginsAt(move: Move): number {
  if (move.kind === "answer") return 0;
  return move.kind === "fault" ? move.fault.at : move.at;
}

/** When it is over; of an answer nobody can tell. */
export function overAt(move: Move): number {
  switch (move.kind) {
    case "fault":
      return move.fault.at + move.fault.for;
    case "death":
    case "call":
      return move.at;
    case "pause":
      return move.liftedAt ?? move.at;
    case "answer":
      return 0;
    default:
      return move satisfies never;
  }
}
