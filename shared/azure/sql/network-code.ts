import { NetworkCode, type SqlAnswer } from "../../domain/observation.ts";

/** A connection that was cut or never made, by a code that we know or one that we do not. */
export function cutBy(said: string): Extract<SqlAnswer, { kind: "unreachable" }> {
  return { kind: "unreachable", code: NetworkCode.safeParse(said).data ?? "other", said };
}
