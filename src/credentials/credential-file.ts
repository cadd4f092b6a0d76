import { z } from 'zod';
import { damaged, readPrivateFile, writePrivateFile } from './private-file.ts';
import { sealedSchema } from './seal.ts';
import { lockSchema } from './store-lock.ts';

const version = 1;

/** Names as they may stand under `llm.providers`. */
export const providerName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

const entrySchema = z.strictObject({ provider: providerName, since: z.iso.datetime(), key: sealedSchema });

const fileSchema = z.strictObject({
  version: z.literal(version),
  lock: lockSchema,
  entries: z.array(entrySchema),
});

/** One provider's key. Provider and time are readable, and sealed together with the key. */
export type CredentialEntry = z.infer<typeof entrySchema>;

export type CredentialFile = z.infer<typeof fileSchema>;

/**
 * Null when there is none.
 * @throws OrreryError `credentials-exposed`, `credentials-damaged`
 */
export function readCredentialFile(path: string): CredentialFile | null {
  const text = readPrivateFile(path);
  if (text === null) return null;
  const content = parseJson(text);
  const { data: head } = z.object({ version: z.int().min(version + 1) }).safeParse(content);
  if (head !== undefined) {
    throw damaged(
      path,
      `a newer version of Orrery has written it (format ${head.version})`,
      'Update Orrery.',
    );
  }
  const { data } = fileSchema.safeParse(content);
  if (data === undefined) throw damaged(path, 'it is cut off or was changed');
  return data;
}

export function writeCredentialFile(path: string, file: Omit<CredentialFile, 'version'>): void {
  writePrivateFile(path, `${JSON.stringify({ version, ...file }, null, 2)}\n`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
