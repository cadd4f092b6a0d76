import { z } from 'zod';

const source = z.object({ name: z.string(), sha256: z.string(), format: z.string() });

const note = z.object({
  symbol: z.string(),
  intervalMs: z.number(),
  rows: z.number(),
  /** First and last open. */
  from: z.number(),
  to: z.number(),
  assetClass: z.enum(['crypto', 'equity']),
  adjusted: z.boolean().nullable(),
  sources: z.array(source),
  /** Long ones; absent in files of versions before it. */
  holes: z.array(z.object({ after: z.number(), days: z.number() })).optional(),
});

/** What is written into a stored file of candles beside the candles. */
export type CandleNote = Readonly<z.infer<typeof note>>;
/** A file that candles came from, by its name without folders. */
export type CandleOrigin = Readonly<z.infer<typeof source>>;

/** Null for what somebody else wrote. */
export function readNote(text: string | null): CandleNote | null {
  try {
    return note.parse(JSON.parse(text ?? ''));
  } catch {
    return null;
  }
}
