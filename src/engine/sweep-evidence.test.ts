import { expect, test } from 'vitest';
import { createNormal, createRandom } from '../core/index.ts';
import { trackRecordOf } from './statistics/index.ts';
import { sweepEvidence } from './sweep-evidence.ts';
import { failedTrial, ranked, type SweepTrial } from './sweep-trial.ts';

const days = 1_000;

/** Normal daily returns of 1 % with a drift, given in per cent a day. */
function trial(seed: number, drift: number): SweepTrial {
  const normal = createNormal(createRandom(seed));
  const daily = Float64Array.from({ length: days }, () => (drift + normal()) / 100);
  return trialOfDays(seed, daily);
}

function trialOfDays(seed: number, daily: Float64Array<ArrayBuffer>): SweepTrial {
  const record = trackRecordOf(daily);
  const { row } = failedTrial({ seed }, null);
  return { row: { ...row, error: null, sharpe: record?.sharpe ?? null }, record, daily };
}

const noise = Array.from({ length: 60 }, (_, seed) => trial(seed, 0));

test('the best of noise is not told from luck, and choosing it is guessing', () => {
  const { deflatedSharpe, probabilityOfOverfitting, trials } = sweepEvidence(noise);
  expect(trials).toBe(60);
  expect(deflatedSharpe).toBeLessThan(0.95);
  expect(probabilityOfOverfitting).toBeGreaterThan(0.2);
});

test('one that earns among noise is', () => {
  const { deflatedSharpe, probabilityOfOverfitting } = sweepEvidence([...noise, trial(99, 0.25)]);
  expect(deflatedSharpe).toBeGreaterThan(0.95);
  expect(probabilityOfOverfitting).toBeLessThan(0.05);
});

test('what failed is no trial, what did nothing is one', () => {
  const idle = trialOfDays(1, new Float64Array(days));
  const { trials, compared, days: known } = sweepEvidence([idle, failedTrial({}, new Error('no')), ...noise]);
  expect([trials, compared, known]).toEqual([61, 61, days]);
  expect(sweepEvidence([idle, failedTrial({}, new Error('no'))]).deflatedSharpe).toBeNull();
  expect(sweepEvidence([failedTrial({}, new Error('no'))]).trials).toBe(0);
});

test('best first: by Sharpe, then by combination, the undefined last, the failed not at all', () => {
  const withSharpe = (seed: number, sharpe: number | null): SweepTrial => {
    const one = trial(seed, 0);
    return { ...one, row: { ...one.row, sharpe } };
  };
  const all = [
    withSharpe(1, null),
    withSharpe(2, 1),
    failedTrial({ seed: 3 }, 'no'),
    withSharpe(4, 2),
    withSharpe(5, 1),
  ];
  expect(ranked(all).map(({ row }) => row.params['seed'])).toEqual([4, 2, 5, 1]);
});
