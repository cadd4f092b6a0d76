import type { EnsembleDocument } from '../ensemble-document.ts';
import { textOf } from '../scope.ts';

/** The output alone: words as they are, anything else as JSON for people. Empty for a run that failed. */
export function formatText({ status, output }: EnsembleDocument): string {
  return status === 'failed' ? '' : textOf(output);
}
