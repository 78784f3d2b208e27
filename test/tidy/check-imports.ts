import { type Import, importsOf, packageOf } from "./imports-of.ts";
import type { Breach, SourceFile } from "./source-file.ts";

interface Room {
  /** Folders and files of ours beyond the room itself. */
  readonly may: readonly string[];
  /** Packages; `*` for any. */
  readonly packages: readonly string[];
}

const POLICY = [
  "shared/policy",
  "shared/policy/rules",
  "shared/policy/guards",
  "shared/policy/evidence",
  "shared/policy/conditions",
  "shared/policy/second-opinion",
];
const DECIDING = ["shared/domain", ...POLICY, "shared/ports", "shared/ledger", "shared/text"];
const HOST = "packages/functions-host";
const WORDS = ["shared/azure/arm-errors.ts", "shared/azure/sql/failure-name.ts"];
const WORLD = "simulator/azure/world";
const ANYTHING_BUT_PROOF = ["functions", "orchestrations", "shared", "simulator", HOST];
const CONTRACTS = "orchestrations/contracts.ts";

/** Rooms that are packages of their own: from outside they are named, never reached by a path. */
const WORKSPACES: Readonly<Record<string, string>> = { "functions-host": HOST };

/** SDKs of Azure services, and what speaks to SQL Server. */
const SERVICES = [
  "@azure/arm-resourcehealth",
  "@azure/arm-sql",
  "@azure/data-tables",
  "@azure/keyvault-keys",
  "@azure/monitor-query",
  "tedious",
];

const TRANSPORT = [
  "@azure/core-rest-pipeline",
  "@azure/identity",
  "node:crypto",
  "node:dns",
  "node:net",
  "node:tls",
];

/**
 * Who may import whom. The longest name that a path begins with is its room; what is not listed is
 * out of bounds. `docs/architecture.md` says why.
 */
export const ROOMS: Readonly<Record<string, Room>> = {
  "shared/domain": { may: [], packages: ["zod"] },
  "shared/policy": { may: ["shared/domain", ...POLICY], packages: [] },
  "shared/policy/rules": {
    may: ["shared/domain", "shared/policy/evidence", "shared/policy/guards"],
    packages: [],
  },
  "shared/policy/guards": { may: ["shared/domain", "shared/policy/evidence"], packages: [] },
  "shared/policy/evidence": { may: ["shared/domain"], packages: ["croner", "zod"] },
  "shared/policy/conditions": { may: ["shared/domain", "shared/policy/evidence"], packages: [] },
  // Two readings of the invariants are worth something only while they share no line.
  "shared/policy/second-opinion": { may: ["shared/domain"], packages: ["croner"] },
  "shared/ports": { may: ["shared/domain"], packages: [] },
  "shared/ledger": { may: ["shared/domain", "shared/ports", "shared/text"], packages: ["zod"] },
  "shared/text": { may: [], packages: ["node:crypto"] },
  "shared/alerts": { may: ["shared/domain"], packages: ["zod"] },
  "shared/config": {
    may: ["shared/domain", "shared/text"],
    packages: ["croner", "node:crypto", "yaml", "zod"],
  },
  "shared/config.ts": { may: ["shared/config", "shared/domain"], packages: ["node:fs"] },
  // Words of Azure in ours: one table of each, for whatever implements a port.
  ...Object.fromEntries(
    WORDS.map((file) => [file, { may: ["shared/domain", "shared/ports"], packages: [] }]),
  ),
  "shared/azure": {
    may: ["shared/domain", "shared/ports", ...WORDS],
    packages: [...SERVICES, ...TRANSPORT, "zod"],
  },

  [CONTRACTS]: { may: ["shared/domain"], packages: ["zod"] },
  orchestrations: { may: ["shared/domain", CONTRACTS], packages: ["durable-functions", "zod"] },

  functions: { may: DECIDING, packages: [] },
  "functions/seeing": { may: [...DECIDING, "functions"], packages: [] },
  "functions/telling": { may: [...DECIDING, "functions", CONTRACTS], packages: ["zod"] },
  "functions/deciding": {
    may: [...DECIDING, "functions", "functions/seeing", "functions/telling"],
    packages: [],
  },
  "functions/keeping": {
    may: [
      ...DECIDING,
      "functions",
      "functions/seeing",
      "functions/deciding",
      "functions/telling",
      CONTRACTS,
    ],
    packages: ["durable-functions"],
  },
  "functions/status": {
    may: [...DECIDING, "functions", "functions/seeing", CONTRACTS],
    packages: ["durable-functions"],
  },
  "functions/activities": {
    may: [
      ...DECIDING,
      "functions",
      "functions/seeing",
      "functions/deciding",
      "functions/keeping",
      "functions/telling",
      CONTRACTS,
    ],
    packages: ["zod"],
  },
  "functions/http": {
    may: ["shared/domain", "shared/ports", "shared/ledger", "shared/text", "functions"],
    packages: ["@azure/functions", "durable-functions", "node:crypto", "zod"],
  },
  "functions/triggers": {
    may: [
      "shared/alerts",
      "shared/domain",
      "shared/ledger",
      "shared/ports",
      "shared/text",
      CONTRACTS,
      "functions",
      "functions/http",
      "functions/seeing",
      "functions/deciding",
      "functions/keeping",
      "functions/telling",
      "functions/status",
    ],
    packages: ["@azure/functions", "durable-functions", "node:crypto", "zod"],
  },
  "functions/register.ts": {
    may: ["functions", "functions/activities", "functions/triggers", "orchestrations", CONTRACTS],
    packages: ["durable-functions"],
  },
  "functions/main.ts": {
    may: [...DECIDING, "functions", "functions/register.ts", "shared/azure", "shared/config.ts"],
    packages: ["*"],
  },

  [HOST]: { may: [], packages: ["*"] },
  "simulator/faults.ts": { may: ["shared/domain", "shared/text"], packages: ["zod"] },
  "simulator/azure": {
    may: ["shared/domain", WORLD, "simulator/azure/arm", "simulator/azure/data"],
    packages: ["@azure/core-rest-pipeline"],
  },
  [WORLD]: { may: ["shared/domain", "shared/ports", "simulator/faults.ts"], packages: [] },
  "simulator/azure/arm": {
    may: ["shared/domain", WORLD],
    packages: ["@azure/core-rest-pipeline", "zod"],
  },
  "simulator/azure/data": {
    may: ["shared/domain", "shared/ports", WORLD, "simulator/azure/arm"],
    packages: ["@azure/identity", "zod"],
  },
  "simulator/azure/tds": {
    may: ["shared/domain", "shared/ports", WORLD],
    packages: ["node:crypto", "node:net", "node:stream", "node:tls"],
  },
  "simulator/azure/port": {
    may: ["shared/domain", "shared/ports", ...WORDS, WORLD, "simulator/azure/arm"],
    packages: [],
  },
  simulator: { may: ANYTHING_BUT_PROOF, packages: ["*"] },
  judge: { may: ANYTHING_BUT_PROOF, packages: ["*"] },
  demo: { may: ANYTHING_BUT_PROOF, packages: ["*"] },
  swarm: { may: ANYTHING_BUT_PROOF, packages: ["*"] },

  cli: { may: [...ANYTHING_BUT_PROOF, "judge", "demo"], packages: ["*"] },
  bench: { may: [...ANYTHING_BUT_PROOF, "judge", "demo", "cli", "test"], packages: ["*"] },
  test: { may: [...ANYTHING_BUT_PROOF, "judge", "demo", "swarm", "cli", "bench"], packages: ["*"] },
};

const MAY_NAME_SERVICES =
  /^(shared\/azure\/|simulator\/|judge\/|demo\/|functions\/main\.ts$|test\/|bench\/)/;

/** What files of our TypeScript import that their rooms may not. */
export function checkImports(files: readonly SourceFile[]): readonly Breach[] {
  return files.flatMap((file) => {
    const room = roomOf(file.path);
    if (room === null) return [];
    return importsOf(file)
      .filter((seen) => !allowed(file.path, room, seen))
      .map((seen) => `${file.path} may not import ${seen.target}`);
  });
}

function allowed(path: string, room: string, seen: Import): boolean {
  const { may, packages } = ROOMS[room] ?? { may: [], packages: [] };
  const anyPackage = packages.includes("*");
  if (seen.kind === "computed") return anyPackage;
  if (seen.kind === "package") {
    const workspace = WORKSPACES[packageOf(seen.target)];
    if (workspace !== undefined) return workspace === room || may.includes(workspace);
    if (SERVICES.includes(packageOf(seen.target)) && !MAY_NAME_SERVICES.test(path)) return false;
    return anyPackage || packages.includes(packageOf(seen.target));
  }
  const target = roomOf(seen.target);
  if (target !== room && target !== null && Object.values(WORKSPACES).includes(target))
    return false;
  if (ANYTHING_BUT_PROOF.every((folder) => may.includes(folder))) {
    return [...may, room].some((folder) => seen.target.startsWith(`${folder}/`)) || isData(seen);
  }
  return target !== null && (target === room || may.includes(target));
}

function isData({ target }: Import): boolean {
  return target.endsWith(".json") && !target.includes("/");
}

/** The room a path is in: the longest that matches, or null outside the house. */
export function roomOf(path: string): string | null {
  const rooms = Object.keys(ROOMS).filter((room) => path === room || path.startsWith(`${room}/`));
  return rooms.sort((a, b) => b.length - a.length)[0] ?? null;
}
