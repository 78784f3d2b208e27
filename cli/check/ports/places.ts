/** Where something lies. `none` is a definite answer: there is no such thing where we looked. */
export type PlaceReading =
  | { readonly kind: "at"; readonly region: string }
  | { readonly kind: "none" }
  | { readonly kind: "unknown"; readonly because: string };

/** An identity that a resource runs under; `resource` is null for one that lives and dies with it. */
export interface RunsAs {
  readonly principalId: string | null;
  readonly resource: { readonly subscriptionId: string; readonly name: string } | null;
}

export type ResourceReading =
  | { readonly kind: "at"; readonly region: string; readonly runsAs: readonly RunsAs[] }
  | { readonly kind: "none" }
  | { readonly kind: "unknown"; readonly because: string };

/** The regions of things, by Resource Manager. Reads only; no method throws. */
export interface Places {
  /** The region that a resource group's own data lies in: without it nothing in the group can be changed. */
  ofResourceGroup(group: {
    readonly subscriptionId: string;
    readonly resourceGroup: string;
  }): Promise<PlaceReading>;
  /** The region of a resource of which only type and name are known, looked for in these subscriptions. */
  ofResource(resource: {
    readonly subscriptionIds: readonly string[];
    readonly type: string;
    readonly name: string;
  }): Promise<ResourceReading>;
}
