-- The canary table: the only thing that geo-failover ever writes to.
--
-- Run it on the primary, in the database that the configuration names under `canary`; the secondary gets it
-- by replication. Running it again changes nothing.
-- Then run site-users.sql for each site: it makes them members of the role below.

SET NOCOUNT ON;
SET XACT_ABORT ON;

IF DATABASEPROPERTYEX(DB_NAME(), 'Updateability') <> 'READ_WRITE' OR DB_ID() <= 4
  THROW 50000, 'Cannot create the canary table: this is not a user database of the primary.', 1;

IF SCHEMA_ID(N'geofailover') IS NULL
  EXEC sys.sp_executesql N'CREATE SCHEMA geofailover AUTHORIZATION dbo;';

IF OBJECT_ID(N'geofailover.canary', N'U') IS NULL
  CREATE TABLE geofailover.canary (
    -- APP_NAME() of the site: one row each, so that sites never wait for each other.
    writer nvarchar(128) NOT NULL CONSTRAINT pk_geofailover_canary PRIMARY KEY,
    writes bigint NOT NULL,
    written_at datetime2(3) NOT NULL
  );

IF DATABASE_PRINCIPAL_ID(N'geofailover_sites') IS NULL
  CREATE ROLE geofailover_sites AUTHORIZATION dbo;

GRANT SELECT, INSERT, UPDATE ON OBJECT::geofailover.canary TO geofailover_sites;
GRANT VIEW DATABASE STATE TO geofailover_sites;
