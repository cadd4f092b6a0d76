import type { EnsembleDocument } from '../ensemble-document.ts';

/** The document itself, on one line. */
export function formatJson(document: EnsembleDocument): string {
  return JSON.stringify(document);
}
