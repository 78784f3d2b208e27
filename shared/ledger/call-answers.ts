import * as z from "zod";
import type { PersonCall } from "../domain/person.ts";
import type { Book } from "./book.ts";
import { readCall } from "./people.ts";
import { valueOrNull } from "./reading.ts";
import { addRow, type RowType, readRow } from "./rows.ts";
import { writeToBooks } from "./write-to-books.ts";

/** What a call was answered, so that the same call made again is answered the same. */
const CallAnswer = z.object({
  incidentId: z.string().nullable(),
  missingAt: z.array(z.string()),
});
export type CallAnswer = z.infer<typeof CallAnswer>;

export const CALL_ANSWER: RowType<CallAnswer> = {
  kind: "call-answer",
  schema: CallAnswer,
  unreadable: "keep",
};

interface EarlierCall {
  readonly call: PersonCall;
  /** Null: we fell over between keeping the call and passing it on. */
  readonly answer: CallAnswer | null;
}

/** The call made before under this id, from whichever store shows most of it. */
export async function earlierCall(books: readonly Book[], id: string): Promise<EarlierCall | null> {
  const found = await Promise.all(
    books.map(async (book) => {
      const call = valueOrNull(await readCall(book, id));
      return call === null
        ? []
        : [{ call, answer: valueOrNull(await readRow({ book, type: CALL_ANSWER, id })) }];
    }),
  );
  const kept = found.flat();
  return kept.find((one) => one.answer !== null) ?? kept[0] ?? null;
}

/** Keeps the answer beside the call. The first one stands. */
export async function keepAnswer(
  books: readonly Book[],
  id: string,
  answer: CallAnswer,
): Promise<void> {
  await writeToBooks(books, (book) => addRow({ book, type: CALL_ANSWER, id }, answer));
}
