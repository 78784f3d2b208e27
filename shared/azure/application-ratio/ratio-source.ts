// Where an application's success ratio is read, as the configuration names it:
//
//   app-insights:<workspace guid>/role/<cloud role name>    requests that this role answered
//   app-insights:<workspace guid>/target/<host name>        SQL calls that clients made to this host
//
// The workspace is the one behind the Application Insights component. The names are of letters, digits
// and a few marks, so that they can stand in a query as they are.

const SOURCE =
  /^app-insights:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/(role|target)\/([a-z0-9][a-z0-9._-]{0,127})$/i;

export interface RatioSource {
  readonly workspaceId: string;
  readonly of: "role" | "target";
  readonly name: string;
}

/** Over so much of the newest telemetry the query counts. */
export const RATIO_WINDOW_MS = 60_000;

/** Reads the reference; null where it is none. */
export function readRatioSource(text: string): RatioSource | null {
  const [, workspaceId, of, name] = SOURCE.exec(text) ?? [];
  if (workspaceId === undefined || of === undefined || name === undefined) return null;
  return { workspaceId, of: of.toLowerCase() === "role" ? "role" : "target", name };
}

/**
 * Counts what succeeded in the newest minute that has telemetry, and how old its end is: ingestion takes
 * minutes, and no rows of this minute are not no failures. Items stand for as many as were sampled away.
 */
export function ratioQuery({ of, name }: RatioSource): string {
  const items =
    of === "role"
      ? `AppRequests | where AppRoleName =~ "${name}"`
      : `AppDependencies | where DependencyType =~ "SQL" and Target has "${name}"`;
  return `let Items = ${items} | where TimeGenerated > ago(15m);
let NewestAt = toscalar(Items | summarize max(TimeGenerated));
Items
| where TimeGenerated > NewestAt - ${RATIO_WINDOW_MS / 1_000}s
| summarize Total = sum(ItemCount), Failed = sumif(ItemCount, Success == false)
| extend AgeSeconds = (now() - NewestAt) / 1s`;
}
