import { OrreryError } from '../core/index.ts';
import { type EnsembleDocument, readEnsembleDocument } from '../ensemble/index.ts';
import { type OwnFunction, openOwnFunction } from './own-function.ts';

/** A step between a run and its formatter. */
export type Processor = (document: EnsembleDocument) => Promise<EnsembleDocument>;

/** The files of `--process` as one step, in their order. @throws OrreryError as opening and calling them does */
export async function openProcessors(files: readonly string[]): Promise<Processor> {
  const steps: { readonly file: string; readonly change: OwnFunction }[] = [];
  for (const file of files) steps.push({ file, change: await openOwnFunction(file) });
  return async (document) => {
    let processed = document;
    for (const { file, change } of steps) processed = checked(file, await change(processed));
    return processed;
  };
}

function checked(file: string, value: unknown): EnsembleDocument {
  try {
    return readEnsembleDocument(value);
  } catch (thrown) {
    if (!(thrown instanceof OrreryError)) throw thrown;
    const { code, message, hint } = thrown;
    throw new OrreryError(code, `${file}: ${message}`, { ...(hint !== null && { hint }), cause: thrown });
  }
}
