import type { OutgoingEvent } from "../domain/event.ts";

export const CLOUD_EVENT_TYPE = "application/cloudevents+json; charset=utf-8";

/** An event as it travels: CloudEvents 1.0, structured mode. */
export interface CloudEvent {
  readonly specversion: "1.0";
  /** The same for every try, so that whoever listens can drop what it has seen. */
  readonly id: string;
  /** The same whichever site sends it: two events are one where source and id are the same. */
  readonly source: "/geo-failover";
  readonly type: `geo-failover.${OutgoingEvent["type"]}`;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: "application/json";
  readonly data: {
    /** Who sends it. */
    readonly site: string;
    readonly group: string;
    readonly incidentId: string | null;
    readonly urgent: boolean;
    readonly text: string;
    readonly details: OutgoingEvent["data"];
  };
}

/** Makes a CloudEvent of an event that `site` sends. */
export function cloudEvent(event: OutgoingEvent, site: string): CloudEvent {
  const { id, type, group, incidentId, at, urgent, text, data } = event;
  return {
    specversion: "1.0",
    id,
    source: "/geo-failover",
    type: `geo-failover.${type}`,
    subject: group,
    time: new Date(at).toISOString(),
    datacontenttype: "application/json",
    data: { site, group, incidentId, urgent, text, details: data },
  };
}
