import { z } from 'zod';
import { canonicalJson, type JsonValue, OrreryError } from '../../core/index.ts';
import type { Runner, Surroundings } from '../runner.ts';
import { compileTemplate } from '../template.ts';
import { best } from './best.ts';
import { consensus } from './consensus.ts';
import { council } from './council.ts';
import { type Hearing, hear, listen } from './hearing.ts';
import { merge } from './merge.ts';
import type { Reducer } from './reducer.ts';
import { vote } from './vote.ts';
import { weighted } from './weighted.ts';

/** Agents that make one output of several, without a model: vote, consensus, weighted, best, council, merge, template. */
export function createReducerRunners(): readonly Runner[] {
  const reducers: readonly Reducer[] = [vote, consensus, weighted, best, council, merge];
  return [...reducers.map(runnerOf), templateRunner];
}

function runnerOf({ kind, settings: schema, check, reduce }: Reducer): Runner {
  return {
    kind,
    settings: schema,
    prepare(settings, surroundings) {
      const names = heardNames(surroundings);
      if (names.length === 0) throw hearsNobody(kind);
      check?.(settings, names);
      return {
        content: () => canonicalJson({ kind, settings, names }),
        answer({ scope }) {
          const said = hear(names, scope.agents);
          const { output, hearing } = reduce(said, settings);
          const refused = hearing.silent.length > said.silent.length;
          return { output, partial: refused, ...detailsOf(hearing) };
        },
      };
    },
  };
}

const templateSettings = z.strictObject({
  template: z.string().min(1).max(100_000).describe('a text with {{places}}'),
});

/** A text around what others said; without depends_on one around the input. */
const templateRunner: Runner<z.infer<typeof templateSettings>> = {
  kind: 'template',
  settings: templateSettings,
  prepare({ template: text }, surroundings) {
    const names = heardNames(surroundings);
    const template = compileTemplate(text, surroundings.dependsOn);
    return {
      content: () => canonicalJson({ kind: 'template', text, names }),
      answer({ scope }) {
        const details = names.length === 0 ? {} : detailsOf(listen(names, scope.agents));
        return { output: template.fill(scope), ...details };
      },
    };
  },
};

/** A router decides who speaks, and has no voice where it does nothing else. */
function heardNames({ dependsOn, routers = [] }: Surroundings): readonly string[] {
  return dependsOn.filter((name) => !routers.includes(name));
}

function detailsOf({ silent }: Hearing<unknown>): { readonly details?: { readonly missing: JsonValue } } {
  if (silent.length === 0) return {};
  return { details: { missing: Object.fromEntries(silent.map(({ agent, why }) => [agent, why])) } };
}

function hearsNobody(kind: string): OrreryError {
  return new OrreryError('ensemble-invalid', `a ${kind} needs agents to hear, and it depends on nobody`, {
    hint: 'Name them in depends_on.',
  });
}
