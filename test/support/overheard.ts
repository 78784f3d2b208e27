import type { App } from "../../functions/app.ts";

/** The same app, whose questions to Resource Manager and its log are written down. */
export function overheard(app: App, asked: string[]): App {
  const { ports } = app;
  const heard = <Args extends readonly unknown[], Answer>(
    what: string,
    ask: (...args: Args) => Answer,
  ) => {
    return (...args: Args): Answer => {
      asked.push(what);
      return ask(...args);
    };
  };
  const { failoverGroups, instances, signals } = ports;
  return {
    ...app,
    ports: {
      ...ports,
      failoverGroups: { ...failoverGroups, read: heard("group", failoverGroups.read) },
      instances: {
        read: heard("instance", instances.read),
        runningOperation: heard("operations", instances.runningOperation),
        inaccessibleDatabases: heard("databases", instances.inaccessibleDatabases),
      },
      signals: {
        ...signals,
        activity: heard("log", signals.activity),
        advice: heard("advice", signals.advice),
      },
    },
  };
}
