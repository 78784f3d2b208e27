// Everything that leaves a site: what one may have to let through a firewall, grant a right for, or look for
// in a log. test/azure/outward-calls.test.ts gathers what the adapters really send, and fails on a difference.

export interface OutwardCall {
  /** Method and address, or what is said on a connection. */
  readonly call: string;
  readonly what: string;
  /** The methods of our ports that make it. */
  readonly by: readonly string[];
}

export interface Destination {
  readonly name: string;
  readonly calls: readonly OutwardCall[];
}

const ARM = "https://management.azure.com/subscriptions/{subscription}";
const SQL = `${ARM}/resourceGroups/{resource-group}/providers/Microsoft.Sql`;
const GROUP = `${SQL}/locations/{region}/instanceFailoverGroups/{failover-group}`;
const INSTANCE = `${SQL}/managedInstances/{instance}`;
const POLLS = `${ARM}/providers/Microsoft.Sql/locations/{region}`;
const GROUP_API = "?api-version=2022-05-01-preview";
const INSTANCE_API = "?api-version=2025-01-01";
const VAULT = "https://{vault}.vault.azure.net/keys/{key}/{version}";
const VAULT_API = "?api-version=2025-07-01";
const STORE = "https://{account}.table.core.windows.net";
const ENTITY = `${STORE}/GeoFailover(PartitionKey='{group}',RowKey='{row}')`;

const ASKS_SQL = ["sql.look", "sql.replication", "sql.updateability", "sql.write"];
const ASKS_STORE = [
  "stores.list",
  "stores.read",
  "stores.readLive",
  "stores.remove",
  "stores.write",
];
const ASKS_ARM = [
  ...["failoverGroups.failOver", "failoverGroups.poll", "failoverGroups.read"],
  ...["instances.inaccessibleDatabases", "instances.read", "instances.runningOperation"],
  ...["keyPath.poll", "keyPath.start"],
];

export const DESTINATIONS: readonly Destination[] = [
  {
    name: "Azure Resource Manager",
    calls: [
      {
        call: `GET ${GROUP}${GROUP_API}`,
        what: "roles and state of the group, as one region shows them",
        by: ["failoverGroups.read"],
      },
      {
        call: `POST ${GROUP}/failover${GROUP_API}`,
        what: "a planned failover, sent once",
        by: ["failoverGroups.failOver", "failoverGroups.poll"],
      },
      {
        call: `POST ${GROUP}/forceFailoverAllowDataLoss${GROUP_API}`,
        what: "a forced failover, sent once",
        by: ["failoverGroups.failOver"],
      },
      {
        call: `GET ${POLLS}/instanceFailoverGroupAzureAsyncOperation/{operation}${GROUP_API}`,
        what: "what became of an accepted failover; the address is signed",
        by: ["failoverGroups.poll"],
      },
      {
        call: `GET ${INSTANCE}${INSTANCE_API}`,
        what: "state, size, zone and update policy of an instance",
        by: ["instances.read"],
      },
      {
        call: `GET ${INSTANCE}/operations${INSTANCE_API}`,
        what: "what runs on an instance now",
        by: ["instances.runningOperation"],
      },
      {
        call: `GET ${INSTANCE}/inaccessibleManagedDatabases${INSTANCE_API}`,
        what: "databases that do not open, with their reason",
        by: ["instances.inaccessibleDatabases"],
      },
      {
        call: `GET ${INSTANCE}/encryptionProtector/current${INSTANCE_API}`,
        what: "the key that an instance's databases are encrypted with",
        by: ["keyPath.poll", "keyPath.start", "signals.advice"],
      },
      {
        call: `POST ${INSTANCE}/validateAzureKeyVaultEncryptionKey${INSTANCE_API}`,
        what: "the instance's own check of its key; it changes nothing",
        by: ["keyPath.poll", "keyPath.start"],
      },
      {
        call: `GET ${POLLS}/managedInstanceAzureAsyncOperation/{operation}${INSTANCE_API}`,
        what: "what that check has found; the address is signed",
        by: ["keyPath.poll"],
      },
      {
        call: `GET ${INSTANCE}/providers/Microsoft.ResourceHealth/availabilityStatuses/current?api-version=2022-10-01`,
        what: "what the platform says of an instance: advice, never a trigger",
        by: ["signals.advice"],
      },
      {
        call: `GET ${ARM}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01`,
        what: "what others did lately: the activity log",
        by: ["signals.activity"],
      },
    ],
  },
  {
    name: "Managed instances",
    calls: [
      {
        call: "TCP {instance}.{zone}.database.windows.net:1433",
        what: "one connection per question; the listener's names too, and after a redirect ports 11000 to 11999",
        by: ASKS_SQL,
      },
      { call: "TDS pre-login", what: "and TLS inside of it", by: ASKS_SQL },
      { call: "TDS login with a token", what: "or with a SQL login", by: ASKS_SQL },
      { call: "TDS session settings", what: "what tedious sets in every session", by: ASKS_SQL },
      {
        call: "TDS geo-failover:database-states",
        what: "which databases are online",
        by: ["sql.look"],
      },
      {
        call: "TDS geo-failover:canary-write",
        what: "one committed row in the canary table: the only write",
        by: ["sql.look", "sql.write"],
      },
      {
        call: "TDS geo-failover:replication",
        what: "lag and last commit of every database",
        by: ["sql.replication"],
      },
      {
        call: "TDS geo-failover:updateability",
        what: "who answers, and whether it takes writes",
        by: ["sql.updateability"],
      },
    ],
  },
  {
    name: "Storage tables, one account per site",
    calls: [
      { call: `GET ${ENTITY}`, what: "one row", by: ["stores.read"] },
      {
        call: `GET ${STORE}/GeoFailover()`,
        what: "live rows of one group, or added rows of one kind",
        by: ["stores.list", "stores.readLive"],
      },
      {
        call: `DELETE ${ENTITY}`,
        what: "an added row that is older than it is to be kept",
        by: ["stores.remove"],
      },
      {
        call: `POST ${STORE}/GeoFailover`,
        what: "a row that must not be there yet",
        by: ["stores.write"],
      },
      {
        call: `PUT ${ENTITY}`,
        what: "a row that must not have changed",
        by: ["stores.write"],
      },
      {
        call: `POST ${STORE}/Tables`,
        what: "our own table, at the first write",
        by: ["stores.write"],
      },
    ],
  },
  {
    name: "Key Vault",
    calls: [
      {
        call: "DNS {vault}.vault.azure.net",
        what: "whether the vault has a private address here",
        by: ["signals.advice"],
      },
      { call: `GET ${VAULT}${VAULT_API}`, what: "the key's state", by: ["signals.advice"] },
      {
        call: `POST ${VAULT}/wrapkey${VAULT_API}`,
        what: "whether it wraps: explains, proves nothing of the instance",
        by: ["signals.advice"],
      },
      { call: `POST ${VAULT}/unwrapkey${VAULT_API}`, what: "and unwraps", by: ["signals.advice"] },
    ],
  },
  {
    name: "Everything else",
    calls: [
      {
        call: "GET http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01",
        what: "a token; on App Service the endpoint in IDENTITY_ENDPOINT instead",
        by: [
          ...ASKS_ARM,
          ...ASKS_SQL,
          ...ASKS_STORE,
          ...["identity.tokenGoodForMs", "signals.activity", "signals.advice"],
          "signals.application",
        ],
      },
      {
        call: "POST https://api.loganalytics.io/v1/workspaces/{workspace}/query",
        what: "the application's success ratio, where one is configured",
        by: ["signals.application"],
      },
      {
        call: "GET {capacity}",
        what: "the application's word on its capacity on the other side, where it is configured",
        by: ["signals.capacityAt"],
      },
      {
        call: "GET {site}/api/observations/{failover-group}",
        what: "what another site sees",
        by: ["peers.observe"],
      },
      {
        call: "POST {site}/api/tick",
        what: "wakes another site whose timers have frozen",
        by: ["peers.tick"],
      },
      {
        call: "TCP {reference}",
        what: "is it we who are cut off? A connection and nothing else",
        by: ["references.reach"],
      },
      {
        call: "HEAD {region-reference}",
        what: "does the region live? Any answer counts",
        by: ["references.reach"],
      },
      {
        call: "POST {webhook}",
        what: "an event as CloudEvents 1.0 JSON, where a webhook is configured",
        by: ["notifier.send"],
      },
    ],
  },
];

/** The page that lists them. */
export function renderOutwardCalls(): string {
  return [
    "# Outward calls",
    "",
    "Everything that leaves a site, by where it goes. Written by `npm run docs`; a test gathers what the real",
    "adapters send, method by method, and fails when this list and that one differ. `test/azure/outward-calls.test.ts`",
    "also finds an answer to each in the simulated Azure: in `npm start` no call ends at a port.",
    "",
    "The rights that the calls to Resource Manager need are those of the roles in `infra`.",
    ...DESTINATIONS.flatMap(({ name, calls }) => ["", `## ${name}`, "", ...tableOf(calls)]),
    "",
  ].join("\n");
}

function tableOf(calls: readonly OutwardCall[]): readonly string[] {
  return [
    "| call | what for | made by |",
    "|---|---|---|",
    ...calls.map(({ call, what, by }) => `| \`${call}\` | ${what} | ${sayBy(by)} |`),
  ];
}

/** A call that most methods make is not told of each. */
function sayBy(by: readonly string[]): string {
  if (by.length > 10) return "whatever needs a token";
  return by.map((method) => `\`${method}\``).join(", ");
}
