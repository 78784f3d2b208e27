-- Lets one site into every database of the group. Run it in master on the PRIMARY, after the site's login is
-- there and after canary.sql; the secondary gets the users by replication. Run it again when a database has
-- been added: what is there already stays as it is.
--
-- sqlcmd -v Identity="<name of the identity, or of the SQL login>"
--
-- The site may then read the state of replication in each of them, and nothing of what is in them. In the
-- database with the canary table it becomes a member of the role that may write there.

SET NOCOUNT ON;
SET XACT_ABORT ON;

DECLARE @name sysname = N'$(Identity)';
DECLARE @site nvarchar(258) = QUOTENAME(@name);

IF NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = @name)
  THROW 50000, 'Cannot let the site in: it has no login on this instance.', 1;

DECLARE @let_in nvarchar(max) = N'
IF DATABASE_PRINCIPAL_ID(N' + QUOTENAME(@name, '''') + N') IS NULL
  CREATE USER ' + @site + N' FOR LOGIN ' + @site + N';
GRANT VIEW DATABASE STATE TO ' + @site + N';
IF DATABASE_PRINCIPAL_ID(N''geofailover_sites'') IS NOT NULL
  ALTER ROLE geofailover_sites ADD MEMBER ' + @site + N';';

DECLARE @everywhere nvarchar(max) = (
  SELECT STRING_AGG(CONVERT(nvarchar(max),
    N'EXEC ' + QUOTENAME(name) + N'.sys.sp_executesql @let_in;'), N' ')
  FROM sys.databases
  WHERE database_id > 4 AND state_desc = N'ONLINE'
    AND DATABASEPROPERTYEX(name, 'Updateability') = 'READ_WRITE');

IF @everywhere IS NULL
  THROW 50000, 'Cannot let the site in: no database here can be written to; is this the primary?', 1;

EXEC sys.sp_executesql @everywhere, N'@let_in nvarchar(max)', @let_in = @let_in;
