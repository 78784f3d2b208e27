import * as z from "zod";
import { FailoverKind } from "../shared/domain/purpose.ts";

/** "PT1H30M", "P1DT2H" and the like, in milliseconds; years and months have no fixed length and are refused. */
export function durationMs(iso: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(iso);
  const parts = match?.slice(1) ?? [];
  if (parts.every((part) => part === undefined)) {
    throw new Error(`Cannot read a duration: not of the form P1DT2H3M4S: ${iso}`);
  }
  const [days, hours, minutes, seconds] = parts.map((part) => Number(part ?? 0));
  const whole = ((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0);
  return Math.round((whole * 60 + (seconds ?? 0)) * 1_000);
}

const iso = z
  .string()
  .regex(
    /^P(?!$)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/,
    "write an ISO 8601 duration: PT5M",
  );

/** Milliseconds, or an ISO 8601 duration. */
const Length = z.union([z.number().int().nonnegative(), iso.transform(durationMs)]);

const timing = {
  /** Counted from the start of the world. */
  at: Length,
  /** Without it the fault stays. */
  for: Length.optional(),
};

/** An instance by its name, or "home" / "partner" for that side of every group. */
const on = z.string();
/** One group by name; all of them when absent. */
const group = z.string().optional();
const region = z.string();
const seconds = z.number().nonnegative();
const status = z.number().int().min(500).max(599);

function fault<Name extends string, Shape extends z.ZodRawShape>(
  name: Name,
  meaning: string,
  shape: Shape,
) {
  return z.strictObject({ fault: z.literal(name), ...timing, ...shape }).describe(meaning);
}

const regions = [
  fault("region-dark", "Power or fire: nothing in the region answers, its site neither", {
    region,
  }),
  fault("region-isolated", "The region lives but is cut off: inside it all goes on", { region }),
  fault("partition", "Connections from one region to another get no answer", {
    from: region,
    to: region,
  }),
] as const;

const instances = [
  fault("instance-down", "The instance's own processes are gone", {
    on,
    how: z.enum(["silent", "refused"]).optional(),
  }),
  fault("instance-state", "Resource Manager shows this state", { on, state: z.string() }),
  fault("instance-size", "Somebody scaled it: another tier or other vCores", {
    on,
    tier: z.string().optional(),
    vCores: z.number().optional(),
  }),
  fault("operation-running", "Scaling or another long operation runs on it", {
    on,
    name: z.string(),
  }),
  fault("sql-error", "Logins get this error; with a database only logins to that one", {
    on,
    number: z.number().int(),
    database: z.string().optional(),
  }),
  fault("write-error", "Logins work, writes are refused with this error", {
    on,
    number: z.number().int(),
  }),
  fault("writes-hang", "Gray storage: reads succeed, writes never end", { on }),
  fault("slow", "Everything on it takes this much longer", { on, ms: z.number().nonnegative() }),
  fault("flaky", "This share of connections gets no answer", {
    on,
    share: z.number().min(0).max(1),
  }),
  fault("database-inaccessible", "One database does not open; the rest of the instance serves", {
    on,
    database: z.string(),
    because: z.enum(["key-denied", "key-unreachable", "other"]).optional(),
  }),
] as const;

const arm = [
  fault("arm-down", "Resource Manager gives no answer", { region: region.optional() }),
  fault("arm-5xx", "Resource Manager answers with an error of its own", {
    region: region.optional(),
    status: status.optional(),
  }),
  fault("arm-throttled", "Too many requests of this identity", {
    region: region.optional(),
    retryAfterSeconds: seconds.optional(),
  }),
  fault("arm-html", "An edge answers with a page instead of the service", {
    region: region.optional(),
  }),
  fault("arm-slow", "Resource Manager takes this much longer", { ms: z.number().nonnegative() }),
  fault("arm-answer-lost", "Requests take effect, their answers never arrive", {
    region: region.optional(),
  }),
  fault("arm-late", "Requests take effect this much later, whoever has stopped listening by then", {
    region: region.optional(),
    seconds,
  }),
  fault("arm-refuses", "Failover requests to this region are refused with this code", {
    region,
    code: z.string(),
    status: z.number().int().optional(),
  }),
  fault("group-read-stale", "Reads show the group as it was some time ago", { seconds }),
] as const;

const setUp = [
  fault("right-missing", "The role of our identity lacks this action", {
    action: z.string(),
    /** On the resource group of that instance only. */
    on: on.optional(),
  }),
  fault("resource-group-in", "The instance's resource group lies in this region", { on, region }),
  fault("key-not-added", "The instance does not know the key that protects the group", { on }),
  fault("site-resource-in", "What the site stands on lies in this region", {
    site: z.string(),
    what: z.enum(["app", "store", "identity"]),
    region,
  }),
] as const;

const keys = [
  fault("key-denied", "The instance's identity lost its right to the key", {
    on,
    code: z.string().optional(),
  }),
  fault("key-unreachable", "The instance cannot reach the vault", {
    on,
    code: z.string().optional(),
  }),
  fault("key-check-silent", "The instance's check of its key never ends", { on }),
] as const;

const names = [
  fault("dns-fail", "Names do not resolve from this region, or from anywhere", {
    from: region.optional(),
  }),
  fault("dns-lag", "The listener's name moves this much later than usual", { seconds }),
  fault("identity-down", "No new tokens; those at hand stay good for a while", {
    region: region.optional(),
    tokenGoodFor: Length.optional(),
  }),
] as const;

const replication = [
  fault("replication-lag", "The secondary is behind by this much", { group, seconds }),
  fault("replication-suspended", "Nothing flows to the secondary", { group }),
  fault("seeding", "The secondary is being copied anew", { group }),
  fault("planned-stuck", "A planned failover waits for a database and times out", {
    group,
    database: z.string().optional(),
  }),
  fault(
    "failover-slow",
    "A failover that begins now takes this much longer, and no reading shows it",
    {
      group,
      seconds,
    },
  ),
  fault("other-failover", "Somebody else fails the group over", {
    group,
    kind: FailoverKind,
    by: z.string().optional(),
  }),
  fault("policy-automatic", "Somebody handed the group to Microsoft's own policy", { group }),
] as const;

const sites = [
  fault("site-stopped", "The app of this site does not run", { site: z.string() }),
  fault("vantage-blind", "The site runs but reaches nothing outside", { site: z.string() }),
  fault("reference-down", "The site's reference target fails", { site: z.string() }),
  fault("region-reference-down", "The region's reference fails though the region lives", {
    region,
  }),
  fault("store-down", "The site's store gives no answer", { site: z.string() }),
  fault("store-refuses", "The site's store refuses every request at once", { site: z.string() }),
  fault("store-answer-lost", "Writes to the site's store happen, their answers do not arrive", {
    site: z.string(),
  }),
  fault("store-conflict", "This share of conditional writes finds that another was quicker", {
    site: z.string(),
    share: z.number().min(0).max(1),
  }),
  fault("store-write-lost", "Writes to the site's store never happen, and get no answer", {
    site: z.string(),
  }),
  fault("store-write-late", "Writes to the site's store happen this much later", {
    site: z.string(),
    ms: z.number().nonnegative(),
  }),
  fault("clock-off", "The site's clock is wrong by so much", {
    site: z.string(),
    ms: z.number().int(),
  }),
  fault("site-stalls", "The site's process stands still: nothing in it runs until it is over", {
    site: z.string(),
  }),
  fault("peer-lies", "What the site tells the others of its looks is not so", {
    site: z.string(),
    /** All is down; or so it was two minutes ago, and since then nothing; or so it is for every other site. */
    how: z.enum(["down", "stale", "for-others"]),
  }),
  fault("notifier-down", "Nobody can be told", { site: z.string().optional() }),
] as const;

const application = [
  fault("client-load", "Clients commit this many rows per second and database", {
    group,
    commitsPerSecond: z.number().nonnegative(),
  }),
  fault("application-ratio", "The application's success ratio, whatever its database does", {
    group,
    value: z.number().min(0).max(1),
  }),
  fault("application-unknown", "The application's telemetry cannot be read", { group }),
  fault("capacity", "What the application says of its capacity on the other side", {
    group,
    value: z.enum(["ready", "not-ready", "unknown"]),
  }),
  fault("activity", "A person or a pipeline did something, and the activity log shows it", {
    group,
    what: z.enum([
      "failover-started",
      "failover-succeeded",
      "failover-failed",
      "network-change",
      "key-change",
      "scale",
      "other",
    ]),
    operation: z.string().optional(),
    by: z.string().optional(),
  }),
  fault("platform-advice", "What the platform says of itself, true or not", {
    group,
    source: z.enum([
      "resource-health",
      "service-health",
      "alert",
      "dns-control",
      "key-vault-probe",
      "maintenance",
    ]),
    value: z.string(),
  }),
] as const;

/** What can go wrong, each under a name with its meaning in the real world. */
export const Fault = z.discriminatedUnion("fault", [
  ...regions,
  ...instances,
  ...arm,
  ...setUp,
  ...keys,
  ...names,
  ...replication,
  ...sites,
  ...application,
]);
export type Fault = z.infer<typeof Fault>;
export type FaultName = Fault["fault"];
export type FaultOf<Name extends FaultName> = Extract<Fault, { fault: Name }>;

/** Every fault's name with its meaning, for documents and for messages. */
export function faultMeanings(): ReadonlyMap<string, string> {
  return new Map(
    Fault.options.map((option) => [option.shape.fault.value, option.description ?? ""]),
  );
}
