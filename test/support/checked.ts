import { type Simulated, type Simulation, simulate } from "../../cli/check/simulate.ts";
import type { Fault } from "../../simulator/faults.ts";

export type Checked = Extract<Simulated, { kind: "checked" }>;

/** The demo's group with all its sites, checked after a minute in which these faults held. */
export async function checked(
  faults: readonly Fault[],
  more: Partial<Simulation> = {},
): Promise<Checked> {
  const simulated = await simulate({
    config: null,
    group: "orders-fog",
    scenario: "calm",
    after: "PT1M",
    faults,
    options: ({ sites }) => ({
      sites,
      appPrincipals: [],
      subscriptionIds: [],
      keyCheck: false,
    }),
    ...more,
  });
  if (simulated.kind === "refused") throw new Error(simulated.because);
  return simulated;
}
