import { expect, test } from 'vitest';
import { readRequest } from '../cli/commands/backtest.ts';
import { defaultSeed } from '../cli/commands/run.ts';
import { createOrrery } from './create-orrery.ts';
import { runRequest, strategyRequest } from './whole-requests.ts';

test('a test of a strategy is filled in as the command line fills it in', () => {
  const asked = readRequest({ data: ['ABC=/tmp/abc.csv'] }, createOrrery());
  expect(strategyRequest({ files: asked.files })).toEqual(asked);
  expect(strategyRequest({ files: [], cash: 5 })).toMatchObject({ cash: 5, margin: 1 });
});

test('a run is, too', () => {
  expect(runRequest({ desk: 'solar' }).seed).toBe(defaultSeed);
  expect(runRequest({ desk: 'solar', seed: 9, run: 'mine' })).toMatchObject({
    seed: 9,
    run: 'mine',
    record: true,
  });
});
