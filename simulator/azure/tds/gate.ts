/** Keeps time still while bytes are on their way, and lets it go while somebody waits for it. */
export class Gate {
  private readonly hold: (work: Promise<void>) => unknown;
  private open: (() => void) | null = null;
  private ended = false;

  constructor(hold: (work: Promise<void>) => unknown) {
    this.hold = hold;
  }

  /** The next thing that happens comes over the socket. */
  busy(): void {
    if (this.open !== null || this.ended) return;
    this.hold(
      new Promise((resolve) => {
        this.open = resolve;
      }),
    );
  }

  /** The next thing that happens is a matter of time. */
  idle(): void {
    this.open?.();
    this.open = null;
  }

  /** The connection is gone: nothing happens on it any more. */
  end(): void {
    this.ended = true;
    this.idle();
  }

  async during<T>(wait: Promise<T>): Promise<T> {
    this.idle();
    try {
      return await wait;
    } finally {
      this.busy();
    }
  }
}
