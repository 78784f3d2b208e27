import type { Book } from "./book.ts";
import { NotWritten } from "./rows.ts";

export interface Written {
  /** Sites whose store has it. */
  readonly writtenAt: readonly string[];
  /** Sites whose store has not, or did not say. */
  readonly missingAt: readonly string[];
}

/** Writes to several stores side by side and says which of them have it. */
export async function writeToBooks(
  books: readonly Book[],
  write: (book: Book) => Promise<unknown>,
): Promise<Written> {
  const done = await Promise.all(
    books.map(async (book) => {
      try {
        await write(book);
        return { site: book.site, written: true };
      } catch (error) {
        if (error instanceof NotWritten) return { site: book.site, written: false };
        throw error;
      }
    }),
  );
  const sites = (written: boolean): string[] =>
    done.filter((one) => one.written === written).map(({ site }) => site);
  return { writtenAt: sites(true), missingAt: sites(false) };
}
