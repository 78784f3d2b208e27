import * as z from "zod";
import type { PersonCall } from "../../shared/domain/person.ts";
import { CALL } from "../../shared/ledger/people.ts";
import { addRow, type RowType, readRow } from "../../shared/ledger/rows.ts";
import type { Store } from "../../shared/ports/store.ts";
import { readFromStores } from "../http/read-from-stores.ts";
import { writeToStores } from "../http/write-to-stores.ts";

/** What a call was answered, so that the same call made again is answered the same. */
const CallAnswer = z.object({
  incidentId: z.string().nullable(),
  missingAt: z.array(z.string()),
});
export type CallAnswer = z.infer<typeof CallAnswer>;

const CALL_ANSWER: RowType<CallAnswer> = { kind: "call-answer", schema: CallAnswer };

interface EarlierCall {
  readonly call: PersonCall;
  /** Null: we fell over between keeping the call and passing it on. */
  readonly answer: CallAnswer | null;
}

/** The call made before under this id, from whichever store shows most of it. */
export async function earlierCall(
  stores: readonly Store[],
  group: string,
  id: string,
): Promise<EarlierCall | null> {
  const { values } = await readFromStores(stores, async (store) => {
    const call = await readRow(store, CALL, group, id);
    if (call === null) return null;
    const answer = await readRow(store, CALL_ANSWER, group, id);
    return { call: call.value, answer: answer?.value ?? null };
  });
  const found = values.filter((one) => one !== null);
  return found.find((one) => one.answer !== null) ?? found[0] ?? null;
}

/** Keeps the answer beside the call. The first one stands. */
export async function keepAnswer(
  stores: readonly Store[],
  group: string,
  id: string,
  answer: CallAnswer,
): Promise<void> {
  await writeToStores(stores, (store) => addRow(store, CALL_ANSWER, group, id, answer));
}
