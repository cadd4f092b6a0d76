import { type CandleNote, readNote } from './candle-note.ts';
import { readParquetNotes } from './parquet-file.ts';

/** What stands beside the candles of stored files; those of others are left out. */
export async function readNotes(
  files: readonly string[],
): Promise<readonly { readonly file: string; readonly note: CandleNote }[]> {
  const texts = await readParquetNotes(files);
  return files.flatMap((file, place) => {
    const note = readNote(texts[place] ?? null);
    return note === null ? [] : [{ file, note }];
  });
}
