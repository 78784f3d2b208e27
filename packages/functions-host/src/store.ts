// What outlives a host: the task hub (instances and their queues) and the status of timer triggers.
//
// P1. `commit` is all or nothing: history, status, consumed and new messages in one synchronous step.

import type { HistoryEvent, HistoryFact, RuntimeStatus } from "./history.ts";

export interface Instance {
  instanceId: string;
  name: string;
  executionId: string;
  status: RuntimeStatus;
  inputJson: string | null;
  /** JSON where user code returned it, plain words where it is a reason or a failure. */
  outputText: string | null;
  customStatusJson: string | null;
  createdAt: number;
  lastUpdatedAt: number;
  history: readonly HistoryEvent[];
}

/** A message in the control queue. */
export interface Message {
  seq: number;
  instanceId: string;
  /** Null: for whatever execution of the instance is running. */
  executionId: string | null;
  createdAt: number;
  /** Not seen by anyone before. Only timers are sent ahead. */
  visibleAt: number;
  fact: HistoryFact;
}

/** An activity that waits or runs. */
export interface ActivityItem {
  seq: number;
  instanceId: string;
  executionId: string;
  eventId: number;
  name: string;
  inputText: string | null;
  dequeuedAt: number | null;
}

/** What the host remembers of one timer trigger. `lastAt` null: it never ran. */
export interface TimerStatus {
  lastAt: number | null;
  nextAt: number;
  lastUpdatedAt: number | null;
}

export interface Commit {
  instance: Instance;
  consumed: readonly number[];
  messages: readonly Omit<Message, "seq">[];
  activities: readonly Omit<ActivityItem, "seq" | "dequeuedAt">[];
}

/** In memory; hand it to the next host to model a restart. */
export class Store {
  readonly instances = new Map<string, Instance>();
  readonly messages = new Map<number, Message>();
  readonly activities = new Map<number, ActivityItem>();
  readonly timers = new Map<string, TimerStatus>();
  /** Until then the lease of a killed host keeps timer triggers silent. */
  timerLeaseUntil = 0;
  private seq = 0;

  addMessage(message: Omit<Message, "seq">): Message {
    const stored = { ...message, seq: this.seq++ };
    this.messages.set(stored.seq, stored);
    return stored;
  }

  commit(commit: Commit): { messages: Message[]; activities: ActivityItem[] } {
    this.instances.set(commit.instance.instanceId, commit.instance);
    for (const seq of commit.consumed) this.messages.delete(seq);
    const activities = commit.activities.map((item) => {
      const stored = { ...item, seq: this.seq++, dequeuedAt: null };
      this.activities.set(stored.seq, stored);
      return stored;
    });
    return { messages: commit.messages.map((one) => this.addMessage(one)), activities };
  }

  /** Takes an activity off the queue and puts its result into the instance's. */
  finishActivity(item: ActivityItem, fact: HistoryFact, now: number): Message | null {
    if (!this.activities.delete(item.seq)) return null;
    const { instanceId, executionId } = item;
    return this.addMessage({ instanceId, executionId, createdAt: now, visibleAt: now, fact });
  }
}
