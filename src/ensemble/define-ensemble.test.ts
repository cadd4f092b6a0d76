import { expectTypeOf, test } from 'vitest';
import type { JsonValue } from '../core/index.ts';
import { defineEnsemble, type OutputOf } from './define-ensemble.ts';

test('the compiler knows who is in an ensemble and what comes out of it', () => {
  const review = defineEnsemble({
    ensemble: 'review',
    agents: {
      lines: { kind: 'code', run: ({ input }) => input.text.split('\n').length },
      judge: { kind: 'llm', depends_on: ['lines'], question: '{{agents.lines}}' },
      sum: {
        kind: 'code',
        depends_on: ['lines'],
        run: async ({ agents }) => ({ status: agents['lines']!.status }),
      },
    },
    output: { from: 'sum' },
  });
  expectTypeOf<keyof typeof review.agents>().toEqualTypeOf<'lines' | 'judge' | 'sum'>();
  type Of<From extends keyof typeof review.agents> = OutputOf<typeof review.agents, From>;
  expectTypeOf<Of<'lines'>>().toEqualTypeOf<number>();
  expectTypeOf<Of<'sum'>>().toEqualTypeOf<{ status: 'ok' | 'failed' | 'skipped' | 'timeout' }>();
  expectTypeOf<Of<'judge'>>().toEqualTypeOf<JsonValue>();
  expectTypeOf<OutputOf<typeof review.agents, never>>().toEqualTypeOf<JsonValue>();
});

test('of a fan-out it is a list, in which the failed are missing', () => {
  const each = defineEnsemble({
    ensemble: 'each',
    agents: { length: { kind: 'code', fanOut: 'input', run: ({ item }) => String(item?.value).length } },
    output: { from: 'length' },
  });
  expectTypeOf<OutputOf<typeof each.agents, 'length'>>().toEqualTypeOf<readonly (number | null)[]>();
});

test('names that nobody bears do not compile', () => {
  const run = () => 1;
  defineEnsemble({
    ensemble: 'misspelt',
    agents: {
      reader: { kind: 'code', run },
      // @ts-expect-error reder is nobody
      judge: { kind: 'code', depends_on: ['reder'], run },
    },
    output: { from: 'judge' },
  });
  defineEnsemble({
    ensemble: 'misspelt',
    agents: {
      reader: { kind: 'code', run },
      // @ts-expect-error nor is it here
      judge: { kind: 'llm', depends_on: ['reader'], required: ['reder'] },
    },
    output: { from: 'judge' },
  });
  defineEnsemble({
    ensemble: 'misspelt',
    agents: { judge: { kind: 'code', run } },
    // @ts-expect-error nor in output.from
    output: { from: 'juge' },
  });
  // @ts-expect-error a function is missing
  defineEnsemble({ ensemble: 'no function', agents: { judge: { kind: 'code' } } });
});
