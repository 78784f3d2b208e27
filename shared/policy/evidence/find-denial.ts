import type { Ask } from "../../domain/person.ts";

/**
 * When a person last said no to this incident; null where nobody did, or where somebody has approved since. A yes to what is
 * planned takes back no no to what is forced. The same ask may come once from each store.
 */
export function findDenial(asks: readonly Ask[], incidentId: string | null): number | null {
  const ours = asks.filter((ask) => ask.incidentId === incidentId && ask.purpose === "fail-over");
  const approved = ours.filter(({ answer }) => answer === "approved");
  const standing = ours.filter(
    (ask) => ask.answer === "denied" && !approved.some((yes) => takesBack(yes, ask)),
  );
  return standing.length === 0 ? null : Math.max(...standing.map(answeredAtOf));
}

function takesBack(yes: Ask, no: Ask): boolean {
  const coversKind = yes.kind === "forced" || no.kind === "planned";
  return coversKind && answeredAtOf(yes) > answeredAtOf(no);
}

function answeredAtOf({ answeredAt, askedAt }: Ask): number {
  return answeredAt ?? askedAt;
}
