// The portal's "test action group" sends made-up alerts that look real: fake subscription, rules and
// resources called "test-…", Service Health marked synthetic. None of them may ever act.

const FAKE_SUBSCRIPTION = "11111111-1111-1111-1111-111111111111";

interface Named {
  readonly rule: string;
  readonly ruleId: string | null;
  readonly alertId: string | null;
  readonly originAlertId: string | null;
  readonly targets: readonly string[];
}

/** Is this one of the portal's test notifications? */
export function isTestNotification(
  alert: Named,
  context: Readonly<Record<string, unknown>>,
): boolean {
  const ids = [alert.alertId, alert.ruleId, alert.originAlertId, ...alert.targets];
  if (ids.some((id) => id?.includes(FAKE_SUBSCRIPTION))) return true;
  if (synthetic(context.properties)) return true;
  // A customer's own rule may be called "test-…": the resources must be the portal's as well.
  return (
    alert.rule.toLowerCase().startsWith("test-") &&
    alert.targets.length > 0 &&
    alert.targets.every((target) => target.toLowerCase().includes("/resourcegroups/test-rg/"))
  );
}

function synthetic(properties: unknown): boolean {
  if (typeof properties !== "object" || properties === null) return false;
  return Object.entries(properties).some(
    ([name, value]) =>
      name.toLowerCase() === "issynthetic" && String(value).toLowerCase() === "true",
  );
}
