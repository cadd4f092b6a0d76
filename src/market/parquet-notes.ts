import { OrreryError } from '../core/index.ts';
import { type CandleNote, readNote } from './candle-note.ts';
import { readParquetNotes } from './parquet-file.ts';

/** A file that holds no candles any more. */
export interface DamagedCandles {
  /** Absolute. */
  readonly file: string;
  readonly reason: string;
}

export interface FoundNotes {
  readonly noted: readonly { readonly file: string; readonly note: CandleNote }[];
  readonly damaged: readonly DamagedCandles[];
}

/** What stands beside the candles of stored files; those of others are left out. */
export async function readNotes(files: readonly string[]): Promise<FoundNotes> {
  const found = await readParquetNotes(files);
  return {
    noted: files.flatMap((file, place) => {
      const text = found[place] ?? null;
      const note = text instanceof OrreryError ? null : readNote(text);
      return note === null ? [] : [{ file, note }];
    }),
    damaged: files.flatMap((file, place) => {
      const text = found[place];
      return text instanceof OrreryError ? [{ file, reason: text.message }] : [];
    }),
  };
}
