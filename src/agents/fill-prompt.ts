import type { JsonValue } from '../core/index.ts';
import type { Cut } from '../llm/index.ts';
import { narrowSchema, type Schema } from './answer-schema.ts';
import type { EvidenceSheet } from './evidence-sheet.ts';
import { type Prompt, renderPrompt } from './prompt.ts';

/** What is asked, and the schema of what may be answered. */
export interface FilledPrompt {
  readonly system: string;
  readonly user: string;
  readonly schema: Schema;
  readonly cuts: readonly Cut[];
}

/**
 * A prompt filled from a sheet, as `evidence`, and from other `places`. Evidence that its budget leaves out is not offered in the
 * schema either: nobody can cite what was not shown. `maxima` bound numbers of the answer.
 * @throws OrreryError `prompt-invalid` when the prompt has a place that is not among them
 */
export function fillPrompt(
  prompt: Prompt,
  sheet: EvidenceSheet,
  places: { readonly [place: string]: string },
  maxima: { readonly [property: string]: number } = {},
): FilledPrompt {
  const { text, cuts } = renderPrompt(prompt, { evidence: sheet.lines(), ...places });
  const unseen = cuts.find(({ input }) => input === 'evidence')?.leftOut ?? 0;
  const offered = sheet.evidence.slice(0, sheet.evidence.length - unseen).map(({ id }) => id);
  return { system: prompt.system, user: text, schema: narrowSchema(prompt.schema, offered, maxima), cuts };
}

/** For the inputs of a record: lines of each input that a model was not shown. Nothing where it was shown all. */
export function leftOutInput(cuts: readonly Cut[]): { readonly [name: string]: JsonValue } {
  if (cuts.length === 0) return {};
  return { leftOut: Object.fromEntries(cuts.map(({ input, leftOut }) => [input, leftOut])) };
}
