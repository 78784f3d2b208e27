import { type Approval, type Ask, answersTo, nameOfNo, noesTo } from "../../domain/person.ts";

// What of yes and no stands, by what was known to whom. Answers are given at several sites: no clock tells which of two
// was the last, but a yes names the noes that it takes back, and a no that it did not know of stands.

/** When a person last said no to this incident; null where nobody did, or where somebody has approved since. A yes to what is planned takes back no no to what is forced. */
export function findDenial(asks: readonly Ask[], incidentId: string | null): number | null {
  const answers = answersTo(asks, incidentId).filter(({ purpose }) => purpose === "fail-over");
  const approved = answers.filter(({ answer }) => answer === "approved");
  const standing = answers
    .filter(({ answer }) => answer === "denied")
    .filter(
      (no) => !approved.some((yes) => covers(yes, no) && yes.takesBack.includes(nameOfNo(no))),
    );
  return standing.length === 0
    ? null
    : Math.max(...standing.map(({ answeredAt, askedAt }) => answeredAt ?? askedAt));
}

/** Approvals whose yes knew of every no that was said to its incident. */
export function standingApprovals(
  approvals: readonly Approval[],
  asks: readonly Ask[],
): readonly Approval[] {
  return approvals.filter(({ askId, incidentId }) => {
    const yes = answersTo(asks, incidentId).find(({ id }) => id === askId);
    return noesTo(asks, incidentId).every((no) => yes?.takesBack.includes(no));
  });
}

function covers(yes: Ask, no: Ask): boolean {
  return yes.kind === "forced" || no.kind === "planned";
}
