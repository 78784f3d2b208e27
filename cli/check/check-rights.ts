import { ARM_ACTIONS, type ArmAction } from "./azure/arm-actions.ts";
import { ok, type Question, type Said, unknown, wrong } from "./finding.ts";
import { type Inquiry, SIDES } from "./inquiry.ts";
import type { Grant, GrantsReading } from "./ports/access.ts";
import { howToRead, subjectOf } from "./wording.ts";

interface Scope {
  readonly id: string;
  readonly subject: string;
  readonly kind: ArmAction["scope"];
}

/** Whether the app's identities hold every action that they call for, where they call for it. */
export function checkRights(inquiry: Inquiry): readonly Question[] {
  return scopesOf(inquiry).map((scope) => ({
    check: "rights",
    subject: scope.subject,
    ask: () => judgeScope(inquiry, scope),
  }));
}

/** Is this action granted? Several roles add up; what one takes away, another may still give. */
export function isGranted(action: string, grants: readonly Grant[]): boolean {
  return grants.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => covers(pattern, action)) &&
      !notActions.some((pattern) => covers(pattern, action)),
  );
}

function scopesOf({ group }: Inquiry): readonly Scope[] {
  const groups = SIDES.map((side): Scope => {
    const { subscriptionId, resourceGroup } = group[side];
    return {
      id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`,
      subject: subjectOf(group, side),
      kind: "resource-group",
    };
  });
  const ids = SIDES.map((side) => group[side].subscriptionId.toLowerCase());
  const subscriptions = [...new Set(ids)].map((id, index, all): Scope => {
    const which = all.length === 1 ? "subscription" : `subscription of ${SIDES[index]}`;
    return { id: `/subscriptions/${id}`, subject: which, kind: "subscription" };
  });
  return [...groups, ...subscriptions];
}

async function judgeScope(inquiry: Inquiry, scope: Scope): Promise<Said> {
  const principals = await principalsOf(inquiry);
  const wanted = ARM_ACTIONS.filter(
    (each) =>
      each.scope === scope.kind &&
      (each.purpose !== "act" || inquiry.group.policy.mode !== "observe"),
  );
  if (principals.length === 0) return judgeOwn(inquiry, scope, wanted);
  const { access } = inquiry.reads;
  const readings = await Promise.all(
    principals.map(async (id) => ({ id, reading: await access.ofPrincipal(id, scope.id) })),
  );
  const lacking = readings.flatMap(({ id, reading }) => {
    const missing = reading.kind === "read" ? missingIn(wanted, reading.grants) : [];
    return missing.length === 0 ? [] : [{ id, missing }];
  });
  const [worst] = lacking;
  if (worst !== undefined) {
    return wrong(
      `${whose(worst.id, principals)} lacks ${sayActions(worst.missing)}`,
      `assign the roles of infra/roles on ${scope.id}`,
    );
  }
  const silent = readings.find(({ reading }) => reading.kind === "unknown")?.reading;
  if (silent?.kind === "unknown") {
    return unknown(
      `the role assignments could not be read: ${silent.because}`,
      silent.because.startsWith("http-403")
        ? "ask for Reader on this scope: it may read role assignments"
        : howToRead(silent),
    );
  }
  const observing = inquiry.group.policy.mode === "observe" ? "; acting is not asked for yet" : "";
  return ok(`the app holds ${wanted.length} of ${wanted.length} actions${observing}`);
}

/** Those that were named, else those under which the function apps run. */
async function principalsOf({ options, app }: Inquiry): Promise<readonly string[]> {
  if (options.appPrincipals.length > 0) return options.appPrincipals;
  const apps = await Promise.all(options.sites.map(app));
  const ids = apps.map((found) =>
    found?.kind === "at"
      ? found.runsAs.flatMap(({ principalId }) => (principalId === null ? [] : [principalId]))
      : [],
  );
  // An app whose identity is not told may be the one that lacks a right.
  return ids.some((of) => of.length === 0) ? [] : [...new Set(ids.flat())];
}

/** The operator's own rights prove nothing for the app: they are told, and the answer stays unknown. */
async function judgeOwn(
  { reads }: Inquiry,
  scope: Scope,
  wanted: readonly ArmAction[],
): Promise<Said> {
  const next = "name the object ids of the sites' identities: --app-principal ID[,ID]";
  const reading: GrantsReading = await reads.access.ownAt(scope.id);
  if (reading.kind === "unknown") {
    return unknown(
      `the app's identities are not known, and your own rights could not be read: ${reading.because}`,
      reading.because === "identity" ? howToRead(reading) : next,
    );
  }
  const missing = missingIn(wanted, reading.grants);
  const yours = missing.length === 0 ? "you hold every action" : `you lack ${sayActions(missing)}`;
  return unknown(`the app's identities are not known; ${yours}, which proves nothing of it`, next);
}

function missingIn(wanted: readonly ArmAction[], grants: readonly Grant[]): readonly ArmAction[] {
  return wanted.filter(({ action }) => !isGranted(action, grants));
}

function sayActions(actions: readonly ArmAction[]): string {
  const [first, ...rest] = actions.map(({ action, why }) => `${action} (${why})`);
  return rest.length === 0 ? (first ?? "nothing") : `${first} and ${rest.length} more`;
}

function whose(id: string, principals: readonly string[]): string {
  return principals.length === 1 ? "the app" : `identity ${id}`;
}

/** `*` stands for any text, slashes too; case makes no difference. */
function covers(pattern: string, action: string): boolean {
  const literal = pattern.split("*").map((text) => text.replace(/[.\\+^$|(){}[\]?]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`, "i").test(action);
}
