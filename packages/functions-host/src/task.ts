/** Something an orchestration waits for. Settling it runs what waits, at once. */
export class Task {
  outcome: "open" | "done" | "failed" = "open";
  /** It lost a race: whoever waited for it has gone on. */
  abandoned = false;
  private waiting: (() => void)[] = [];

  static settled(outcome: "done" | "failed"): Task {
    const task = new Task();
    task.settle(outcome);
    return task;
  }

  settle(outcome: "done" | "failed"): void {
    if (this.outcome !== "open") return;
    this.outcome = outcome;
    const { waiting } = this;
    this.waiting = [];
    for (const run of waiting) run();
  }

  onSettled(run: () => void): void {
    if (this.outcome === "open") this.waiting.push(run);
    else run();
  }
}

/** Settles with the first, however that one ends. */
export function firstOf(tasks: readonly Task[]): Task {
  const whole = new Task();
  for (const task of tasks) task.onSettled(() => whole.settle("done"));
  return whole;
}

/** Settles with the last: unlike the SDK, the host does not stop at the first failure. */
export function allOf(tasks: readonly Task[]): Task {
  const whole = new Task();
  let left = tasks.length;
  for (const task of tasks) {
    task.onSettled(() => {
      left--;
      if (left === 0) whole.settle("done");
    });
  }
  return whole;
}
