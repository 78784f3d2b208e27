import { otherSide } from "../../shared/domain/group.ts";
import { nobodyKnowsPrimary } from "./check-roles.ts";
import { ok, type Said, unknown, wrong } from "./finding.ts";
import type { Inquiry } from "./inquiry.ts";
import { howToRead } from "./wording.ts";

/**
 * Whether the secondary was given the key that protects the primary: the same material, which its
 * thumbprint tells, also when it lies in another vault. Without it no database opens there.
 */
export async function judgeSameKey(inquiry: Inquiry): Promise<Said> {
  const { group, reads } = inquiry;
  const primary = await inquiry.primary();
  if (primary === null) return nobodyKnowsPrimary();
  const secondary = group[otherSide(primary)];
  const [protector, own, others] = await Promise.all([
    reads.keys.protector(group[primary]),
    reads.keys.registered(group[primary]),
    reads.keys.registered(secondary),
  ]);
  if (protector.kind === "service-managed") return ok("service-managed keys need no vault");
  if (protector.kind === "unknown") return unread(protector);
  if (own.kind === "unknown") return unread(own);
  if (others.kind === "unknown") return unread(others);
  const name = nameOfKey(protector.keyUri);
  const key = own.keys.find((each) => each.name.toLowerCase() === name);
  if (key === undefined || key.thumbprint === null) {
    return unknown(`the primary does not tell the thumbprint of ${name}`, "compare them by hand");
  }
  const same = others.keys.find(({ thumbprint }) => thumbprint === key.thumbprint);
  if (same !== undefined) return ok(`${secondary.name} was given it, as ${same.name}`);
  return wrong(
    `${secondary.name} was not given the key that protects the primary: ${name}`,
    "add it to the secondary, or a copy of the same material: az sql mi key create",
  );
}

function unread(reading: { readonly because: string }): Said {
  return unknown(`the keys could not be read: ${reading.because}`, howToRead(reading));
}

/** `https://<vault>.…/keys/<key>/<version>` is listed as `<vault>_<key>_<version>`. */
function nameOfKey(keyUri: string): string {
  const { hostname, pathname } = new URL(keyUri);
  const [, , key = "", version = ""] = pathname.split("/");
  return `${hostname.split(".")[0]}_${key}_${version}`.toLowerCase();
}
