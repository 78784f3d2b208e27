// Reads what Azure Monitor sends, and says what kind of message it is. Decides nothing about groups.
//
// A1. Only the common alert schema is understood; anything else is refused by name.
// A2. Every field may be null, missing or of another type: that never throws.
// A3. "Fired" is said only of an alert that says so itself and is not a test notification.

import * as z from "zod";
import { instantIn } from "../domain/units.ts";
import { isTestNotification } from "./test-notification.ts";

const SCHEMA_ID = "azureMonitorCommonAlertSchema";
const NAME_LENGTH_MAX = 200;
/** No id of Azure comes near: what is longer is none. */
const ID_LENGTH_MAX = 1_000;
const ENTRIES_MAX = 1_000;

const Text = z
  .string()
  .nullish()
  .catch(null)
  // Some senders write "None" where null belongs.
  .transform((text) => (!text || text === "None" ? null : text));

const Id = Text.transform((id) => (id !== null && id.length > ID_LENGTH_MAX ? null : id));

const Ids = z
  .array(z.unknown())
  .nullish()
  .catch(null)
  .transform((list) => (list ?? []).slice(0, ENTRIES_MAX).filter(isId));

const Part = z
  .record(z.string(), z.unknown())
  .nullish()
  .catch(null)
  .transform((part) => part ?? {});

const Essentials = z.object({
  alertId: Id,
  alertRule: Text,
  alertRuleID: Id,
  monitorCondition: Text,
  monitoringService: Text,
  alertTargetIDs: Ids,
  configurationItems: Ids,
  originAlertId: Id,
  firedDateTime: Id,
});

/** A log alert may name what its query was about by a column that it splits by. */
const Query = z.object({
  allOf: z
    .array(z.object({ dimensions: z.array(z.unknown()).nullish().catch(null) }).catch({}))
    .nullish()
    .catch(null),
});
const ResourceDimension = z.object({
  name: z.string().regex(/^_?ResourceId$/i),
  value: z.string().min(1).max(ID_LENGTH_MAX),
});

const Envelope = z.object({ schemaId: Text, data: Part });

/** What every understood alert says of itself. */
export interface AlertDetails {
  readonly rule: string;
  readonly ruleId: string | null;
  readonly alertId: string | null;
  readonly service: string;
  readonly targets: readonly string[];
  /** The resources whose telemetry it is about, where it says so: a log alert targets its workspace. */
  readonly queried: readonly string[];
  /** Null where it does not say, or says it in no way that we know. */
  readonly firedAt: number | null;
}

export type AlertReading =
  | (AlertDetails & { readonly kind: "fired" | "resolved" | "test" })
  /** News of the platform or of a person's doing: worth keeping, no suspicion. */
  | (AlertDetails & {
      readonly kind: "advice";
      readonly about: "service-health" | "maintenance" | "activity-log" | "cost";
    })
  | {
      readonly kind: "refused";
      readonly because: "not-an-object" | "other-schema" | "no-essentials" | "no-condition";
      /** What stood where the schema wants something else. */
      readonly found: string;
    };

/** Reads the body of an alert, whatever it is. */
export function readAlert(payload: unknown): AlertReading {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    return refused("not-an-object", Array.isArray(payload) ? "an array" : String(payload));
  }
  const { schemaId, data } = Envelope.parse(payload);
  if (schemaId?.toLowerCase() !== SCHEMA_ID.toLowerCase()) {
    return refused("other-schema", schemaId ?? "no schemaId");
  }
  const given = Part.parse(data.essentials);
  if (Object.keys(given).length === 0) return refused("no-essentials", "no data.essentials");
  const essentials = Essentials.parse(given);
  const context = Part.parse(data.alertContext);
  const details: AlertDetails = {
    rule: ruleOf(essentials),
    ruleId: essentials.alertRuleID,
    alertId: essentials.alertId,
    service: (essentials.monitoringService ?? "unknown").slice(0, NAME_LENGTH_MAX),
    targets: essentials.alertTargetIDs,
    queried: queriedIn(essentials.configurationItems, context),
    firedAt: instantIn(essentials.firedDateTime),
  };
  if (isTestNotification({ ...details, originAlertId: essentials.originAlertId }, context)) {
    return { ...details, kind: "test" };
  }
  return classify(details, essentials.monitorCondition, context);
}

function classify(
  details: AlertDetails,
  condition: string | null,
  context: Readonly<Record<string, unknown>>,
): AlertReading {
  const service = details.service.toLowerCase().replaceAll(" ", "");
  if (service === "servicehealth") {
    const { incidentType } = z.object({ incidentType: Text }).parse(Part.parse(context.properties));
    const about = incidentType?.toLowerCase() === "maintenance" ? "maintenance" : "service-health";
    return { ...details, kind: "advice", about };
  }
  if (service === "costalerts") return { ...details, kind: "advice", about: "cost" };
  // What somebody did, not how something is.
  if (service.startsWith("activitylog"))
    return { ...details, kind: "advice", about: "activity-log" };
  const state = service === "resourcehealth" && recovered(context) ? "resolved" : condition;
  switch (state?.toLowerCase()) {
    case "fired":
      return { ...details, kind: "fired" };
    case "resolved":
      return { ...details, kind: "resolved" };
    default:
      return refused("no-condition", condition ?? "no monitorCondition");
  }
}

/** Resource Health says "Fired" of recoveries too: only its own context tells them apart. */
function recovered(context: Readonly<Record<string, unknown>>): boolean {
  const { status, properties } = z.object({ status: Text, properties: Part }).parse(context);
  const { currentHealthStatus } = z.object({ currentHealthStatus: Text }).parse(properties);
  return status?.toLowerCase() === "resolved" || currentHealthStatus?.toLowerCase() === "available";
}

function queriedIn(
  items: readonly string[],
  context: Readonly<Record<string, unknown>>,
): readonly string[] {
  const { allOf } = Query.parse(Part.parse(context.condition));
  const dimensions = (allOf ?? [])
    .slice(0, ENTRIES_MAX)
    .flatMap(({ dimensions }) => (dimensions ?? []).slice(0, ENTRIES_MAX))
    .slice(0, ENTRIES_MAX)
    .flatMap((one) => {
      const dimension = ResourceDimension.safeParse(one);
      return dimension.success ? [dimension.data.value] : [];
    });
  // Items may be names of machines as well.
  return [...items.filter((item) => item.startsWith("/subscriptions/")), ...dimensions];
}

function isId(one: unknown): one is string {
  return typeof one === "string" && one !== "" && one.length <= ID_LENGTH_MAX;
}

function ruleOf(essentials: z.infer<typeof Essentials>): string {
  const named = essentials.alertRule ?? essentials.alertId?.split("/").at(-1);
  return (named || "unnamed").slice(0, NAME_LENGTH_MAX);
}

function refused(
  because: "not-an-object" | "other-schema" | "no-essentials" | "no-condition",
  found: string,
): AlertReading {
  return { kind: "refused", because, found: found.slice(0, NAME_LENGTH_MAX) };
}
