import type { Ports } from "../shared/ports/ports.ts";

/** The life of one worker process. */
export interface Life {
  alive: boolean;
  /** Ends when a process that stands still runs again; null while it runs. */
  awake?(): Promise<void> | null;
}

/**
 * Ports that end with their worker. The simulated host cannot stop the code of a dead process; it
 * can make sure that this code reaches nothing any more: calls of the dead never return.
 */
export function mortal(ports: Ports, life: Life): Ports {
  const stores = new Map(
    [...ports.stores].map(([site, store]) => [site, bind(store, life)] as const),
  );
  return {
    clock: ports.clock,
    failoverGroups: bind(ports.failoverGroups, life),
    instances: bind(ports.instances, life),
    keyPath: bind(ports.keyPath, life),
    sql: bind(ports.sql, life),
    references: bind(ports.references, life),
    peers: bind(ports.peers, life),
    stores,
    notifier: bind(ports.notifier, life),
    signals: bind(ports.signals, life),
    identity: bind(ports.identity, life),
    newId: ports.newId,
  };
}

function bind<P extends object>(port: P, life: Life): P {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) =>
        life.alive ? spoken(member.apply(target, args), life) : NEVER;
    },
  });
}

/** What was asked in life may take effect; its answer finds nobody, and who stands still hears it late. */
async function spoken(answer: unknown, life: Life): Promise<unknown> {
  const value = await answer;
  const awake = life.awake?.() ?? null;
  if (awake !== null) await awake;
  return life.alive ? value : NEVER;
}

const NEVER = new Promise<never>(() => undefined);
