import type { Fault, FaultName, FaultOf } from "../../faults.ts";

/** One fault with the instants between which it holds. */
export interface Span<Held extends Fault = Fault> {
  readonly fault: Held;
  readonly startAt: number;
  readonly endAt: number;
}

/** The faults to come and those that hold now. */
export class Timeline {
  private pending: Span[] = [];
  private holding: readonly Span[] = [];
  /** What holds, by name: asked for far more often than it changes. */
  private named: { [Name in FaultName]?: readonly Span<FaultOf<Name>>[] } = {};

  add(fault: Fault, startAt: number): void {
    const endAt = fault.for === undefined ? Number.POSITIVE_INFINITY : startAt + fault.for;
    this.pending.push({ fault, startAt, endAt });
    this.pending.sort((a, b) => a.startAt - b.startAt);
  }

  /** The next instant at which a fault starts or ends. */
  nextChangeAt(): number {
    const starts = this.pending[0]?.startAt ?? Number.POSITIVE_INFINITY;
    return this.holding.reduce((least, span) => Math.min(least, span.endAt), starts);
  }

  /** Lets faults end and start up to an instant; returns those that started. */
  moveTo(at: number): readonly Span[] {
    const started = this.pending.filter(({ startAt }) => startAt <= at);
    if (started.length === 0 && this.holding.every(({ endAt }) => endAt > at)) return started;
    this.pending = this.pending.slice(started.length);
    this.holding = [...this.holding, ...started].filter(({ endAt }) => endAt > at);
    this.named = {};
    return started;
  }

  spans<Name extends FaultName>(name: Name): readonly Span<FaultOf<Name>>[] {
    const known = this.named[name];
    if (known !== undefined) return known;
    const found = this.holding.flatMap(({ fault, startAt, endAt }) =>
      isNamed(fault, name) ? [{ fault, startAt, endAt }] : [],
    );
    this.named = { ...this.named, [name]: found };
    return found;
  }
}

function isNamed<Name extends FaultName>(fault: Fault, name: Name): fault is FaultOf<Name> {
  return fault.fault === name;
}
