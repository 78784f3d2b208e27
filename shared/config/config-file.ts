import * as z from "zod";
import { readHostAndPort, readInstanceHost, readUrl } from "./endpoint.ts";
import { duration, oneOf, textRead } from "./fields.ts";
import {
  readDatabase,
  readName,
  readRegion,
  readSecretReference,
  readSuccessRatio,
} from "./names.ts";
import { readInstanceId, readResourceId, readScopeId } from "./resource-id.ts";
import { RetentionEntry } from "./retention.ts";
import { Settings } from "./settings.ts";

const FLOOR_DEFAULT = 0.5;
const TICK_DEFAULT = "PT15S";
export const TICK_DEFAULT_MS = 15_000;

const region = textRead(
  { about: "The Azure region, in any spelling.", example: "westeurope" },
  readRegion,
);

export const SiteEntry = z.strictObject({
  name: textRead({ about: "The name of this site.", example: "weu" }, readName),
  region,
  url: textRead(
    {
      about: "Where the other sites reach this one.",
      example: "https://geo-failover-weu.azurewebsites.net",
    },
    readUrl,
  ),
  reference: textRead(
    {
      about:
        "Host and port of a SQL-like target known to be good: it tells a blind site from a lost primary.",
      example: "sql-ref-weu.example.net:1433",
    },
    readHostAndPort,
  ).optional(),
  store: textRead(
    {
      about: "Table endpoint of this site's store; without it, the host's own storage account.",
      example: "https://geofailoverweu.table.core.windows.net",
    },
    readUrl,
  ).optional(),
});
export type SiteEntry = z.output<typeof SiteEntry>;

const InstanceEntry = z.strictObject({
  instance: textRead(
    {
      about: "Resource id of the managed instance.",
      example:
        "/subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.Sql/managedInstances/<name>",
    },
    readInstanceId,
  ),
  region,
  fqdn: textRead(
    {
      about: "The instance's own host name, not the failover group's listener.",
      example: "mi-orders-weu.abc123.database.windows.net",
    },
    readInstanceHost,
  ),
  regionReference: textRead(
    {
      about: "Something in that region that is not SQL and not on the SQL path.",
      example: "https://status-weu.example.net/ping",
    },
    readUrl,
  ).optional(),
});

const Application = z.strictObject({
  successRatio: textRead(
    {
      about: "Where the application's success ratio is read: a fresh one at the floor vetoes.",
      example: "app-insights:<workspace id>/role/<name>",
    },
    readSuccessRatio,
  ).optional(),
  floor: z
    .number()
    .gt(0)
    .lte(1)
    .default(FLOOR_DEFAULT)
    .meta({
      description: "The ratio from which the application counts as alive.",
      examples: [0.5],
    }),
  capacityAtTarget: textRead(
    {
      about: "Answers 2xx when the application has capacity in the target region; required if set.",
      example: "https://orders.example.net/capacity",
    },
    readUrl,
  ).optional(),
});

const scope = textRead(
  {
    about: "Id of a resource or of a resource group.",
    example:
      "/subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.Network/networkSecurityGroups/<name>",
  },
  readScopeId,
);

/** Whose change of network, route or key may take down which side; without a side it may be either. */
const ChangeScopeEntry = z.strictObject({
  id: scope,
  side: oneOf(["home", "partner"], {
    about: "The side whose instance suffers from its changes; without it, either.",
    example: "home",
  }).optional(),
});

export const GroupEntry = Settings.extend({
  name: textRead({ about: "The failover group's name.", example: "orders-fog" }, readName),
  home: InstanceEntry.meta({ description: "The instance that should be primary in peace." }),
  partner: InstanceEntry.meta({ description: "The other instance of the group." }),
  canary: z
    .strictObject({
      database: textRead(
        { about: "The database that holds the canary table.", example: "orders" },
        readDatabase,
      ),
    })
    .optional()
    .meta({
      description: "A timed write proves that the primary serves; automatic mode needs it.",
    }),
  application: Application.optional().meta({ description: "What the application itself says." }),
  alertTargets: z
    .array(
      textRead(
        {
          about: "Resource id.",
          example: "/subscriptions/<id>/resourceGroups/<name>/providers/<namespace>/<type>/<name>",
        },
        readResourceId,
      ),
    )
    .optional()
    .meta({ description: "Alerts on these resources concern this group, besides its instances." }),
  changeScopes: z.array(ChangeScopeEntry).max(20).optional().meta({
    description:
      "Networks, route tables and vaults in other resource groups: their changes are read too.",
  }),
});
export type GroupEntry = z.output<typeof GroupEntry>;

const Notify = z.strictObject({
  webhook: textRead(
    {
      about: "Where events go: the name of the environment variable that holds the URL.",
      example: "env:GEO_FAILOVER_WEBHOOK",
    },
    readSecretReference,
  ).optional(),
});

/** The configuration file as it is written. */
export const ConfigFile = z.strictObject({
  sites: z
    .array(SiteEntry)
    .min(1)
    .meta({ description: "The deployments of this app, each a place to look from." }),
  defaults: Settings.optional().meta({ description: "Settings of every group." }),
  groups: z
    .array(GroupEntry)
    .min(1)
    .meta({ description: "The failover groups. Each may override any of `defaults`." }),
  notify: Notify.optional().meta({ description: "Who is told." }),
  tick: duration(
    {
      about: "How often a healthy group is looked at; it must divide a minute.",
      example: "PT15S",
      default: TICK_DEFAULT,
    },
    { atLeastMs: 5000, atMostMs: 60_000 },
  ).optional(),
  retention: RetentionEntry.optional().meta({
    description: "For how long rows are kept that are only added. Live rows are never swept.",
  }),
});
export type ConfigFile = z.output<typeof ConfigFile>;
