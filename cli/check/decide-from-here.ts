import { lookAndJudge } from "../../functions/deciding/decide-now.ts";
import { createPeers } from "../../shared/azure/peers.ts";
import { createMissingStore } from "../../shared/azure/table-store/missing-store.ts";
import type { Decision } from "../../shared/domain/decision.ts";
import type { Site } from "../../shared/domain/group.ts";
import { createStores, readOwn } from "../../shared/ledger/group-ledger.ts";
import type { Ports } from "../../shared/ports/ports.ts";
import type { Row, RowKey, Store } from "../../shared/ports/store.ts";
import type { Inquiry } from "./inquiry.ts";

/** Not among the configured vantages: what it sees has no vote. */
const HERE: Site = { name: "this-machine", region: "none", url: "", reference: null, store: null };

/**
 * Puts what can be read from here to the rules of the app. The stores of the sites are left alone, so
 * that claims and pauses are unknown to it, and nothing is written but this process's own memory.
 */
export async function decideFromHere(inquiry: Inquiry): Promise<Decision | null> {
  const { config, group } = inquiry;
  const here = { ...config, self: HERE };
  const ports = readOnlyPorts(inquiry);
  const app = { config: here, ports, stores: createStores(here, ports.stores, ports.clock) };
  const primary = await inquiry.primary();
  const ledger = app.stores.of(group);
  const own = await readOwn(ledger);
  const view = { ...own, primary, expectedPrimary: primary ?? own.expectedPrimary };
  const about = { purpose: "fail-over", workId: null, incident: null, call: null } as const;
  const asked = { ...about, ledger, view, inHand: [], checksKey: false, sharesLook: false };
  return lookAndJudge(app, asked).then(
    ({ decision }) => decision,
    () => null,
  );
}

function readOnlyPorts({ config, reads }: Inquiry): Ports {
  const { clock, groups, instances, sql, signals, send, keyOf } = reads;
  const refuse = (what: string): never => {
    throw new Error(`Cannot ${what}: this is a check, which only reads`);
  };
  const missing = config.sites.map(({ name }) => [name, createMissingStore(name)] as const);
  return {
    clock,
    failoverGroups: {
      read: groups.read,
      failOver: async () => refuse("fail over"),
      poll: async () => refuse("poll a failover"),
    },
    instances,
    keyPath: {
      start: async () => ({ kind: "unanswered", because: "not-asked" }),
      poll: async () => ({ kind: "unanswered", because: "not-asked" }),
    },
    sql: {
      // A look writes to the canary table. This machine has no vote: it need not look.
      look: async () => ({
        login: NOT_ASKED,
        write: NOT_ASKED,
        master: NOT_ASKED,
        databases: null,
      }),
      replication: sql.replication,
      updateability: async () => ({
        kind: "unknown",
        because: "error",
        number: null,
        said: "not-asked",
      }),
      write: async () => refuse("write to the canary table"),
    },
    references: { reach: async () => "failed" },
    peers: createPeers({ send, keyOf }),
    stores: new Map([...missing, [HERE.name, createScratchStore()]]),
    notifier: { send: async () => refuse("send an event") },
    signals: {
      activity: signals.activity,
      capacityAt: signals.capacityAt,
      // A query of the logs and a try of the key are POSTs, and the second would be made in another's name.
      application: async () => ({ kind: "unknown", because: "not-asked" }),
      advice: async () => [],
    },
    identity: { tokenGoodForMs: async () => null },
    newId: () => "none",
  };
}

const NOT_ASKED = { kind: "not-asked" } as const;

/** Rows that are forgotten with this process. */
function createScratchStore(): Store {
  const rows = new Map<string, Extract<Row, { kind: "row" }>>();
  const nameOf = ({ group, kind, id }: RowKey): string => `${group} ${kind} ${id}`;
  return {
    site: HERE.name,
    read: async (key) => rows.get(nameOf(key)) ?? null,
    write: async (key, value) => {
      rows.set(nameOf(key), { kind: "row", key, value, etag: "scratch" });
      return { kind: "written", etag: "scratch" };
    },
    readLive: async (group) => [...rows.values()].filter(({ key }) => key.group === group),
    list: async () => [],
    remove: async () => "removed",
  };
}
