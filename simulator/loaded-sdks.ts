import { queryLogs } from "../shared/azure/application-ratio/logs-client.ts";
import type { Sdks } from "../shared/azure/azure-ports.ts";
import { createVaultClient } from "../shared/azure/key-probe/vault-client.ts";
import { createHealthClient } from "../shared/azure/resource-health/health-client.ts";
import { createSession } from "../shared/azure/sql/session.ts";
import { createSqlManagement } from "../shared/azure/sql-management.ts";
import { createTableClient } from "../shared/azure/table-store/table-client.ts";

/** Loading takes real time, for which simulated time does not wait: here all of them are loaded at once. */
export const LOADED_SDKS: Sdks = {
  createSqlManagement,
  createTableClient,
  createSession,
  createHealth: createHealthClient,
  createVault: createVaultClient,
  askLogs: queryLogs,
};
