// The URLs with which the extension tells a caller how to watch and steer an instance.

/** What the URLs name and carry. */
export interface HubAddress {
  hubName: string;
  systemKey: string;
}

const WEBHOOKS = "/runtime/webhooks/durabletask";

function instanceLinks(origin: string, id: string, hub: HubAddress): Record<string, string> {
  const base = `${origin}${WEBHOOKS}/instances/${encodeURIComponent(id)}`;
  const query = `taskHub=${hub.hubName}&connection=Storage&code=${hub.systemKey}`;
  return {
    id,
    statusQueryGetUri: `${base}?${query}`,
    sendEventPostUri: `${base}/raiseEvent/{eventName}?${query}`,
    terminatePostUri: `${base}/terminate?reason={text}&${query}`,
    rewindPostUri: `${base}/rewind?reason={text}&${query}`,
    purgeHistoryDeleteUri: `${base}?${query}`,
    restartPostUri: `${base}/restart?${query}`,
    suspendPostUri: `${base}/suspend?reason={text}&${query}`,
    resumePostUri: `${base}/resume?reason={text}&${query}`,
  };
}

/** What a start answers: everything but rewinding. */
export function checkStatusLinks(
  origin: string,
  id: string,
  hub: HubAddress,
): Record<string, string> {
  const { rewindPostUri: _, ...links } = instanceLinks(origin, id, hub);
  return links;
}

/** The text the durable client binding hands to a function. */
export function clientBinding(origin: string, rpcBaseUrl: string, hub: HubAddress): string {
  const base = `${origin}${WEBHOOKS}`;
  const create = `${base}/orchestrators/{functionName}[/{instanceId}]`;
  const code = `code=${hub.systemKey}`;
  return JSON.stringify({
    taskHubName: hub.hubName,
    connectionName: null,
    creationUrls: {
      createNewInstancePostUri: `${create}?${code}`,
      createAndWaitOnNewInstancePostUri: `${create}?timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&${code}`,
    },
    managementUrls: instanceLinks(origin, "INSTANCEID", hub),
    baseUrl: base,
    requiredQueryStringParameters: code,
    rpcBaseUrl,
    httpBaseUrl: null,
    maxGrpcMessageSizeInBytes: null,
    grpcHttpClientTimeout: null,
  });
}
