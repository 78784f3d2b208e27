// What is asked of an instance, one round trip each. The comment that opens a statement names it: in the
// server's own list of running queries, and to the simulated server. None of them was run on a real
// instance yet (docs/simulator.md).

/** Four of the databases are the server's own, and say nothing about the group. */
const USER_DATABASES = "database_id > 4";

/** Needs nothing: every login sees the names of all databases of a managed instance. */
export const DATABASE_STATES = `/* geo-failover:database-states */
SELECT name, state_desc FROM sys.databases WHERE ${USER_DATABASES} ORDER BY name;`;

/**
 * Needs nothing either. The database is always named: asked about itself, master would say READ_WRITE on a
 * secondary too. The server tells its own name, because the name that we asked for may lead anywhere. One
 * that is still recovering says nothing, and is in the list all the same: it is not open.
 */
export const UPDATEABILITY = `/* geo-failover:updateability */
SELECT CONVERT(nvarchar(256), SERVERPROPERTY('ServerName')) AS server,
  d.name,
  CASE d.state_desc WHEN N'ONLINE'
    THEN CONVERT(nvarchar(60), DATABASEPROPERTYEX(d.name, 'Updateability')) END AS updateability
FROM (VALUES (1)) AS me (one)
LEFT JOIN sys.databases AS d ON d.${USER_DATABASES}
ORDER BY d.name;`;

/** A database without a link answers with nulls: "nothing is known of it" must not look like "no such database". */
const LINK_OF_ONE_DATABASE = `SELECT DB_NAME(),
  l.replication_lag_sec,
  DATEDIFF_BIG(millisecond, l.last_commit, SYSDATETIMEOFFSET()),
  DATEDIFF_BIG(microsecond, N'20000101', l.last_commit)
FROM (VALUES (1)) AS me (one)
LEFT JOIN sys.dm_geo_replication_link_status AS l ON 1 = 1;`;

/**
 * Needs VIEW DATABASE STATE in every database of the group (or VIEW SERVER STATE).
 *
 * The view has rows only where it is read from inside the replicated database; in master it is empty. One
 * connection still reads them all: a procedure called by a three-part name runs in the database that is
 * named, so that `[orders].sys.sp_executesql` reads the view as a session in orders would. Names are
 * quoted by the server. A database that cannot be read does not hide the others.
 *
 * Ages come from the clock of the server that answers; only they leave it. Marks are the instant of the
 * commit itself, so that the same commit has the same mark on both sides.
 */
export const REPLICATION = `/* geo-failover:replication */
SET NOCOUNT ON;
DECLARE @all nvarchar(max) = (
  SELECT STRING_AGG(CONVERT(nvarchar(max),
    N'BEGIN TRY EXEC ' + QUOTENAME(name) + N'.sys.sp_executesql N''${doubled(doubled(LINK_OF_ONE_DATABASE))}''; END TRY '
    + N'BEGIN CATCH SELECT N' + QUOTENAME(name, '''') + N', NULL, NULL, NULL; END CATCH;'), N' ')
  FROM sys.databases WHERE ${USER_DATABASES} AND state_desc = N'ONLINE');
IF @all IS NOT NULL EXEC sys.sp_executesql @all;`;

/**
 * Needs SELECT, INSERT and UPDATE on this table and nothing else (infra/sql/canary.sql). Each of our sites
 * has a row of its own, so that they never wait for each other. There is no lock time-out: a write that is
 * kept waiting must look like one that hangs. The row that is read back after the commit is the proof:
 * without one, nothing was acknowledged.
 */
export const CANARY_WRITE = `/* geo-failover:canary-write */
SET NOCOUNT ON;
UPDATE geofailover.canary SET writes += 1, written_at = SYSUTCDATETIME() WHERE writer = APP_NAME();
IF @@ROWCOUNT = 0
  INSERT INTO geofailover.canary (writer, writes, written_at) VALUES (APP_NAME(), 1, SYSUTCDATETIME());
SELECT writes FROM geofailover.canary WHERE writer = APP_NAME();`;

/**
 * Reads what a canary write needs, and writes nothing. The rights are those of the login that asks. Object
 * names are given as text, so that a table that is not there is an answer and no error.
 */
export const CANARY_STATE = `/* geo-failover:canary-state */
SELECT CASE WHEN OBJECT_ID(N'geofailover.canary', N'U') IS NULL THEN 0 ELSE 1 END,
  CONVERT(nvarchar(60), DATABASEPROPERTYEX(DB_NAME(), 'Updateability')),
  CASE WHEN HAS_PERMS_BY_NAME(N'geofailover.canary', N'OBJECT', N'SELECT') = 1
    AND HAS_PERMS_BY_NAME(N'geofailover.canary', N'OBJECT', N'INSERT') = 1
    AND HAS_PERMS_BY_NAME(N'geofailover.canary', N'OBJECT', N'UPDATE') = 1 THEN 1 ELSE 0 END;`;

/** Needs SELECT on the table. Each of our sites has a row: the proof that its login can write. */
export const CANARY_WRITERS = `/* geo-failover:canary-writers */
SELECT writer, DATEDIFF_BIG(millisecond, written_at, SYSUTCDATETIME()) FROM geofailover.canary;`;

/** As it stands inside a string. */
function doubled(statement: string): string {
  return statement.replaceAll("'", "''");
}
