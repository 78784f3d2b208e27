import type { Config, Group, Instance, Site } from "../domain/group.ts";
import type { Policy } from "../domain/policy.ts";
import type { ConfigFile, GroupEntry, SiteEntry } from "./config-file.ts";
import { policyDigest } from "./policy-digest.ts";
import { retentionOf } from "./retention.ts";
import { ALWAYS, type CompleteSettings } from "./settings.ts";
import { type SettledGroup, settleGroup } from "./settled-group.ts";

/** Puts a checked file into the words of the domain. */
export function buildConfig(
  file: ConfigFile,
  resolved: { readonly self: string; readonly tickMs: number; readonly webhook: string | null },
): Config {
  const sites = file.sites.map(siteOf);
  const self = sites.find(({ name }) => name === resolved.self);
  if (self === undefined) {
    throw new Error(`Cannot build the configuration: no such site: ${resolved.self}`);
  }
  const groups = file.groups.map((entry, index) =>
    groupOf(settleGroup(index, entry, file.defaults ?? {}), sites),
  );
  return {
    self,
    sites,
    groups,
    notify: { webhook: resolved.webhook },
    tickMs: resolved.tickMs,
    retention: retentionOf(file.retention ?? {}),
    digest: policyDigest(groups),
  };
}

function siteOf({ name, region, url, reference, store }: SiteEntry): Site {
  return { name, region, url, reference: reference ?? null, store: store ?? null };
}

function groupOf({ entry, settings }: SettledGroup, sites: readonly Site[]): Group {
  const { application } = entry;
  return {
    name: entry.name,
    home: instanceOf(entry.home),
    partner: instanceOf(entry.partner),
    canary: entry.canary ?? null,
    application:
      application === undefined
        ? null
        : {
            successRatio: application.successRatio ?? null,
            floor: application.floor,
            capacityAtTarget: application.capacityAtTarget ?? null,
          },
    alertTargets: entry.alertTargets ?? [],
    changeScopes: (entry.changeScopes ?? []).map(({ id, side }) => ({ ...id, side: side ?? null })),
    policy: policyOf(settings, entry, sites),
  };
}

function instanceOf({ instance, region, fqdn, regionReference }: GroupEntry["home"]): Instance {
  return { ...instance, region, fqdn, regionReference: regionReference ?? null };
}

function policyOf(settings: CompleteSettings, entry: GroupEntry, sites: readonly Site[]): Policy {
  const { application } = entry;
  return {
    mode: settings.mode,
    intervalMs: settings.interval,
    probeTimeoutMs: settings.probeTimeout,
    graceMs: settings.grace,
    grayGraceMs: settings.grayGrace,
    rtoMs: settings.rto,
    lossBudgetMs: settings.lossBudget,
    cooldownMs: settings.cooldown,
    flapping: { outages: settings.flapping.outages, withinMs: settings.flapping.within },
    keyProofMs: settings.keyProof,
    approvalMs: settings.approval,
    automatic: settings.automatic,
    vantages: sites.map(({ name, region }) => ({ name, region })),
    canary: entry.canary !== undefined,
    applicationFloor: application?.successRatio === undefined ? null : application.floor,
    capacityRequired: application?.capacityAtTarget !== undefined,
    freeze: settings.freeze.map(({ schedule, for: forMs, timezone }) => ({
      schedule,
      forMs,
      timezone,
    })),
    failback: failbackOf(settings.failback),
  };
}

function failbackOf(failback: CompleteSettings["failback"]): Policy["failback"] {
  const { mode, window, for: forMs, timezone, soak } = failback;
  const bounded = window !== ALWAYS && forMs !== undefined && timezone !== undefined;
  return {
    mode,
    window: bounded ? { schedule: window, forMs, timezone } : null,
    soakMs: soak,
  };
}
