/** One role's worth of rights: an action is granted when it is in `actions` and not in `notActions`. */
export interface Grant {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

export type GrantsReading =
  | { readonly kind: "read"; readonly grants: readonly Grant[] }
  | { readonly kind: "unknown"; readonly because: string };

/** Who may do what, by Resource Manager. A scope is a resource id without its last slash. Reads only; no method throws. */
export interface Access {
  /** What the identity that asks may do at this scope. */
  ownAt(scope: string): Promise<GrantsReading>;
  /** What another principal may do at this scope, by its own assignments and those of its groups. */
  ofPrincipal(principalId: string, scope: string): Promise<GrantsReading>;
}
