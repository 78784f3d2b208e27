-- The same for a SQL login, where the instances have no Microsoft Entra administrator. Run it in master on
-- BOTH instances, with the same SID: after a failover the databases' users belong to the login that has it.
-- Running it again changes nothing; it does not change the password of a login that exists.
--
-- sqlcmd -v Identity="<name>" Sid="0x<32 hex digits, your own>"
-- The password is the environment variable SitePassword, so that no command line shows it.

SET NOCOUNT ON;
SET XACT_ABORT ON;

DECLARE @name sysname = N'$(Identity)';
DECLARE @password nvarchar(128) = N'$(SitePassword)';
DECLARE @sid varbinary(16) = CONVERT(varbinary(16), '$(Sid)', 1);

IF DB_NAME() <> N'master' OR DATALENGTH(@sid) <> 16
  THROW 50000, 'Cannot make the login: this is not master, or the SID has not 16 bytes.', 1;

IF EXISTS (SELECT 1 FROM sys.server_principals WHERE name = @name AND sid <> @sid)
  THROW 50000, 'Cannot make the login: there is one of this name with another SID.', 1;

IF NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = @name)
BEGIN
  DECLARE @make nvarchar(max) = N'CREATE LOGIN ' + QUOTENAME(@name)
    + N' WITH PASSWORD = N' + QUOTENAME(@password, '''')
    + N', SID = ' + CONVERT(nvarchar(34), @sid, 1) + N';';
  EXEC sys.sp_executesql @make;
END;
