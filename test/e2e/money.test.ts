import { expect, test } from 'vitest';
import { answersFromPrompt } from '../../src/testing/index.ts';
import { candleCsv } from './candle-csv.ts';
import { runDocument } from './documents.ts';
import { candles, decidedBars, firstDecided, openServer } from './model-place.ts';
import { openWorkplace } from './workplace.ts';

const prices = `unit: usd-per-million-tokens
prices: [{ provider: openai-compatible, model: some-model, input: 3, output: 15, knowledgeCutoff: 2030-01-01 }]
`;

test('before it asks, a run says what it may cost, what is free by mistake, and what a model may know', async () => {
  const server = await openServer(answersFromPrompt());
  const place = openWorkplace();
  const at = (model: string) => ({ provider: 'local', model, maxTokens: 500 });
  const llm = {
    providers: { local: { kind: 'openai-compatible', baseUrl: server.baseUrl } },
    profiles: { chief: at('some-model-2025-08-07'), analyst: at('unheard-of') },
    budget: { usdPerRun: 5 },
  };
  place.write('orrery.yaml', JSON.stringify({ llm }));
  place.write('prices.yaml', prices);
  const data = place.write('ABC_1h.csv', candleCsv(candles));
  const words = ['run', 'solar', '--data', data, '--from', firstDecided, '--id', 'r', '--json'];
  const { exitCode, stdout, stderr } = await place.run(...words);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });

  const { llm: spent, knownBars } = runDocument.loose().parse(JSON.parse(stdout));
  const model = 'local/some-model-2025-08-07';
  const all = decidedBars;
  expect(knownBars).toEqual([{ model, knowledgeCutoff: '2030-01-01', barsBefore: all, bars: all }]);
  expect(stderr).toContain(
    `note: ${model} may have read about ABC: ${all} of ${all} bars lie before its knowledge cut-off 2030-01-01\n`,
  );
  expect(stderr).toContain(
    'note: no price is known for analyst (local/unheard-of), so calls there count as free',
  );
  const told =
    /^estimate: about \d+ calls to 2 models, \$[\d.]+; at most (\d+) calls and \$([\d.]+); budget \$5\.00 per run$/m.exec(
      stderr,
    );
  expect(stderr.indexOf('run r\n')).toBeLessThan(told!.index);
  expect(spent.costUsd).toBeGreaterThan(0);
  expect(spent.calls).toBeLessThanOrEqual(Number(told![1]));
  expect(spent.costUsd).toBeLessThanOrEqual(Number(told![2]));

  const { stdout: checks } = await place.run('doctor', '--json');
  expect(JSON.parse(checks).checks).toContainEqual(
    expect.objectContaining({
      name: 'prices',
      ok: true,
      detail: expect.stringContaining('analyst (local/unheard-of)'),
    }),
  );
});
