-- The login of one site's managed identity. Run it in master on BOTH instances: logins are not replicated.
-- Running it again changes nothing.
--
-- sqlcmd -v Identity="<name of the identity>"

SET NOCOUNT ON;
SET XACT_ABORT ON;

DECLARE @name sysname = N'$(Identity)';

IF DB_NAME() <> N'master'
  THROW 50000, 'Cannot make the login: this is not master.', 1;

IF NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = @name)
BEGIN
  DECLARE @make nvarchar(max) = N'CREATE LOGIN ' + QUOTENAME(@name) + N' FROM EXTERNAL PROVIDER;';
  EXEC sys.sp_executesql @make;
END;
