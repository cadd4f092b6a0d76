import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/index.ts';
import { type PreparedEnsemble, prepareEnsemble, type Runners } from '../ensemble/index.ts';
import type { PlacedEnsemble } from './ensembles-within.ts';

/** 64 bits tell apart whatever one folder of results will ever see. */
const digits = 16;

/** A hash of what answers: the text of ensembles, their prompts and programs, and the models in use. */
export function answeredBy(ensembles: readonly PlacedEnsemble[], runners: Runners): string {
  const all = ensembles.map(({ spec, file, files }) => {
    const prepared = prepareEnsemble(spec, { runners, files, answers: null }, file === null ? [] : [file]);
    // Where an agent is written says nothing of what it does.
    const agents = spec.agents.map(({ place: _, ...agent }) => agent);
    return { spec: { ...spec, agents }, works: worksOf(prepared) };
  });
  return createHash('sha256').update(canonicalJson(all)).digest('hex').slice(0, digits);
}

function worksOf({ agents }: PreparedEnsemble) {
  return [...agents.values()].map(({ work }) => ({
    content: contentOf(work),
    unusable: work.unusable ?? null,
  }));
}

/** A program that cannot be read is told by the agent that needs it. */
function contentOf({ content }: { readonly content?: () => string }): string | null {
  try {
    return content?.() ?? null;
  } catch {
    return null;
  }
}
