import type { ServerError } from "./token-stream.ts";

type Row = readonly [number: number, state: number, severity: number, text: string];

/** Texts as Microsoft publishes them, some of them cut there. State and severity are made up where they are not published. */
const ROWS: readonly Row[] = [
  [
    26,
    1,
    16,
    "A network-related or instance-specific error occurred while establishing a connection to SQL Server. The server was not found or was not accessible. Verify that the instance name is correct and that SQL Server is configured to allow remote connections.(provider: SQL Network Interfaces, error: 26 \u2013 Error Locating Server/Instance Specified)",
  ],
  [
    40,
    1,
    16,
    "A network-related or instance-specific error occurred while establishing a connection to SQL Server. The server was not found or was not accessible. Verify that the instance name is correct and that SQL Server is configured to allow remote connections. (provider: Named Pipes Provider, error: 40 - Could not open a connection to SQL Server)",
  ],
  [
    64,
    1,
    16,
    "A connection was successfully established with the server, but then an error occurred during the login process. (provider: TCP Provider, error: 0 - The specified network name is no longer available.)",
  ],
  [
    233,
    1,
    16,
    "The client was unable to establish a connection because of an error during connection initialization process before login. Possible causes include the following: the client tried to connect to an unsupported version of SQL Server; the server was too busy to accept new connections; or there was a resource limitation (insufficient memory or maximum allowed connections) on the server. (provider: TCP Provider, error: 0 - An existing connection was forcibly closed by the remote host.)",
  ],
  [615, 1, 21, "Could not find database ID %d, name  '%.*ls' .  Error Code 615."],
  [
    926,
    1,
    14,
    "Database 'replicatedmaster' cannot be opened. It has been marked SUSPECT by recovery. See the SQL Server errorlog for more information.",
  ],
  [
    976,
    1,
    14,
    "The target database, '%.*ls', is participating in an availability group and is currently not accessible for queries. Either data movement is suspended or the availability replica is not enabled for read access. To allow read-only access to this and other d",
  ],
  [
    978,
    1,
    14,
    "The target database ('%.*ls') is in an availability group and is currently accessible for connections when the application intent is set to read only. For more information about application intent, see SQL Server Books Online.",
  ],
  [
    979,
    1,
    14,
    "The target database ('%.*ls') is in an availability group and currently does not allow read only connections. For more information about application intent, see SQL Server Books Online.",
  ],
  [
    982,
    1,
    14,
    "Unable to access the '%.*ls' database because no online secondary replicas are enabled for read-only access. Check the availability group configuration to verify that at least one secondary replica is configured for read-only access. Wait for an enabled re",
  ],
  [
    983,
    1,
    14,
    "Unable to access availability database '%.*ls' because the database replica is not in the PRIMARY or SECONDARY role. Connections to an availability database is permitted only when the database replica is in the PRIMARY or SECONDARY role. Try the operation again later.",
  ],
  [
    988,
    1,
    14,
    "Unable to access database '%.*ls' because it lacks a quorum of nodes for high availability. Try the operation again later.",
  ],
  [3906, 2, 16, 'Failed to update database "TSQL2012" because the database is read-only.'],
  [4060, 1, 16, 'Cannot open database "%.*ls" requested by the login. The login failed.'],
  [
    4221,
    1,
    16,
    "Login to read-secondary failed due to long wait on 'HADR_DATABASE_WAIT_FOR_TRANSITION_TO_VERSIONING'. The replica is not available for login because row versions are missing for transactions that were in-flight when the replica was recycled. The issue can be resolved by rolling back or committing the active transactions on the primary replica. Occurrences of this condition can be minimized by avoiding long write transactions on the primary.",
  ],
  [
    10053,
    1,
    16,
    "A transport-level error has occurred when receiving results from the server. An established connection was aborted by the software in your host machine.",
  ],
  [
    10054,
    1,
    16,
    "A transport-level error has occurred when sending the request to the server. (provider: TCP Provider, error: 0 - An existing connection was forcibly closed by the remote host.)",
  ],
  [
    10060,
    1,
    16,
    "A network-related or instance-specific error occurred while establishing a connection to SQL Server. The server was not found or was not accessible. Verify that the instance name is correct and that SQL Server is configured to allow remote connections. (provider: TCP Provider, error: 0 - A connection attempt failed because the connected party did not properly respond after a period of time, or established connection failed because connected host has failed to respond.)",
  ],
  [
    10928,
    1,
    20,
    "Resource ID: %d. The %s limit for the database is %d and has been reached. For more information, see https://go.microsoft.com/fwlink/?LinkId=267637.",
  ],
  [
    10929,
    1,
    16,
    "Resource ID: %d. The %s minimum guarantee is %d, maximum limit is %d and the current usage for the database is %d. However, the server is currently too busy to support requests greater than %d for this database. For more information, see https://go.microsoft.com/fwlink/?LinkId=267637. Otherwise, please try again.",
  ],
  [18456, 1, 14, "Login failed for user '<user_name>'."],
  [
    33123,
    1,
    16,
    "Cannot drop or alter the database encryption key since it is currently in use on a mirror or secondary availability replica. Retry the command after all the previous reencryption scans have propagated to the mirror or secondary availability replicas or after availability relationship has been disabled.",
  ],
  [
    35216,
    1,
    16,
    "An error occurred while adding or removing a log truncation holdup to build secondary replica from primary availability database '%.*ls'. Primary database is temporarily offline due to restart or other transient condition. Retry the operation.",
  ],
  [
    35218,
    1,
    16,
    "An error occurred while trying to set the initial Backup LSN of database '%.*ls'. Primary database is temporarily offline due to restart or other transient condition. Retry the operation.",
  ],
  [
    35256,
    1,
    16,
    "The session timeout value was exceeded while waiting for a response from the other availability replica in the session. That replica or the network might be down, or the command might be misconfigured. If the partner is running and visible over the network, retry the command using correctly configured partner-connection parameters.",
  ],
  [40143, 1, 16, "The service has encountered an error processing your request. Please try again."],
  [
    40197,
    1,
    17,
    "The service has encountered an error processing your request. Please try again. Error code %d.",
  ],
  [
    40501,
    1,
    20,
    "The service is currently busy. Retry the request after 10 seconds. Incident ID: %ls. Code: %d.",
  ],
  [40540, 1, 16, "The service has encountered an error processing your request. Please try again."],
  [
    40613,
    1,
    17,
    "Database '%.*ls' on server '%.*ls' is not currently available. Please retry the connection later. If the problem persists, contact customer support, and provide them the session tracing ID of '%.*ls'.",
  ],
  [
    40615,
    1,
    16,
    "Cannot open server 'evo1-sql-replica' requested by the login. Client with IP address '162.220.234.11' is not allowed to access the server. To enable access, use the Azure Management Portal or run sp_set_firewall_rule on the master database to create a firewall rule for this IP address or address range. It may take up to five minutes for this change to take effect.",
  ],
  [40642, 1, 16, "The server is currently too busy. Please try again later."],
  [40648, 1, 16, "Too many requests have been performed. Please retry later."],
  [40671, 1, 16, "Unable to '%.*ls' '%.*ls' on server '%.*ls'. Please retry the connection later."],
  [40675, 1, 16, "The service is currently too busy. Please try again later."],
  [
    40903,
    1,
    16,
    "The server '%.*ls' is currently busy. Please wait a few minutes before trying again.",
  ],
  [
    40918,
    1,
    16,
    "The Failover Group '%.*ls' is busy with another operation and cannot perform the '%.*ls' operation. Please try again later",
  ],
  [
    41614,
    1,
    16,
    "Fabric Service '%ls' encountered a transient error while performing Windows Fabric operation on '%ls' database (ID %d). Refer to the SQL Server error log for information about the errors that were encountered. If this condition persists, contact the system administrator.",
  ],
  [
    41619,
    1,
    16,
    "Windows Fabric '%ls' (partition ID '%ls')encountered transient error %d while waiting for build replica operation on database '%ls' (ID %d). Refer to the SQL Server error log for information about the errors that were encountered. If this condition persists, contact the system administrator.",
  ],
  [
    41640,
    1,
    16,
    "Database '%ls' encountered a transient error (error code: 0x%08X) while performing task '%ls'. Refer to the SQL Server error log for information about the errors that were encountered. If this condition persists, contact the system administrator.",
  ],
  [
    41700,
    1,
    16,
    "System views related to Windows Fabric partitions and replicas are not available at this time, because replica manager has not yet started. Wait for replica manager to start, then retry the system view query.",
  ],
  [
    41701,
    1,
    16,
    "The Activation Context is unavailable at this time. The Windows Fabric Runtime is unavailable at this time, retry later. Wait for the activation context to become available, then retry.",
  ],
  [
    45153,
    1,
    16,
    "Management Service is not currently available. Please retry the operation later. If the problem persists, contact customer support, and provide them the session tracing ID of '%ls'.",
  ],
  [
    45156,
    1,
    16,
    "Subscription '%.*ls' is busy with another operation. Please try your operation later.",
  ],
  [45157, 1, 16, "Server '%.*ls' is busy with another operation. Please try your operation later."],
  [
    45161,
    1,
    16,
    "Managed instance '%.*ls' is busy with another operation. Please try your operation later.",
  ],
  [
    45179,
    1,
    16,
    "The operation timed out and automatically rolled back. Please retry the operation.",
  ],
  [45182, 1, 16, "Database '%ls' is busy with another operation. Please try your operation later."],
  [
    49510,
    1,
    16,
    "Managed instance is busy with another operation. Please try your operation later.",
  ],
  [49802, 1, 16, "Database is unavailable at the moment, please retry connection at later time."],
  [49918, 1, 16, "Cannot process request. Not enough resources to process request."],
  [
    49919,
    1,
    16,
    'Cannot process create or update request. Too many create or update operations in progress for subscription "%ld".',
  ],
  [49920, 1, 16, 'Cannot process request. Too many operations in progress for subscription "%ld".'],
  [
    49983,
    1,
    16,
    "The '%ls' operation failed to complete. Retry the operation. Create a support request if the retry attempts do not succeed.",
  ],
];

const BY_NUMBER = new Map(ROWS.map((row) => [row[0], row]));

/** What a server sends with this number. */
export function serverError(number: number, database: string, server: string): ServerError {
  const [, state, severity, text] = BY_NUMBER.get(number) ?? [number, 1, 16, "Refused."];
  const names = [database, server];
  const message = text
    .replace(/%(?:\.\*)?l?s/g, () => names.shift() ?? "?")
    .replace(/%(?:l?d|0?8?X)/g, "0");
  return { number, state, class: severity, message };
}
