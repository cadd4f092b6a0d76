import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EvidenceSheet } from '../evidence-sheet.ts';
import { decideTechnical } from './technical-rules.ts';

/** What each vote looks at, and the readings that make it +1, −1 and 0; `equal` is the tie. */
const readings = {
  trend: {
    up: { 'ema-50': 101, 'ema-200': 100 },
    down: { 'ema-50': 99, 'ema-200': 100 },
    equal: { 'ema-50': 100, 'ema-200': 100 },
    dust: { 'ema-50': 100.00000000000003, 'ema-200': 100 },
  },
  direction: {
    up: { 'adx-14': 26, 'adx-14.plus-di': 30, 'adx-14.minus-di': 10 },
    down: { 'adx-14': 26, 'adx-14.plus-di': 10, 'adx-14.minus-di': 30 },
    weak: { 'adx-14': 25, 'adx-14.plus-di': 30, 'adx-14.minus-di': 10 },
    equal: { 'adx-14': 26, 'adx-14.plus-di': 20, 'adx-14.minus-di': 20 },
    dust: { 'adx-14': 26, 'adx-14.plus-di': 20.000000000000004, 'adx-14.minus-di': 20 },
  },
  momentum: {
    up: { macd: 2, 'macd.signal': 1, 'macd.histogram': 1 },
    down: { macd: 1, 'macd.signal': 2, 'macd.histogram': -1 },
    equal: { macd: 1, 'macd.signal': 1, 'macd.histogram': 0 },
    dust: { macd: 1e-14, 'macd.signal': 0, 'macd.histogram': 1e-14 },
  },
  exhaustion: {
    up: { 'rsi-14': 29.9 },
    down: { 'rsi-14': 70.1 },
    low: { 'rsi-14': 30 },
    high: { 'rsi-14': 70 },
    // The convention for a price that has not moved.
    still: { 'rsi-14': 0 },
  },
  // The close is 100.
  bands: {
    up: { 'bollinger-20.upper': 110, 'bollinger-20.lower': 101 },
    down: { 'bollinger-20.upper': 99, 'bollinger-20.lower': 90 },
    inside: { 'bollinger-20.upper': 110, 'bollinger-20.lower': 90 },
    atLower: { 'bollinger-20.upper': 110, 'bollinger-20.lower': 100 },
    atUpper: { 'bollinger-20.upper': 100, 'bollinger-20.lower': 90 },
  },
} as const;

type Votes = { readonly [vote in keyof typeof readings]?: keyof (typeof readings)[vote] };

function sheetOf(votes: Votes, { atr = null, close = 100 }: { atr?: number | null; close?: number } = {}) {
  const sheet = new EvidenceSheet(0);
  sheet.add('close', close, 'USD');
  for (const [vote, state] of Object.entries(votes)) {
    const states: { readonly [state: string]: { readonly [name: string]: number } } =
      readings[vote as keyof Votes];
    for (const [name, value] of Object.entries(states[state] ?? {})) sheet.add(name, value, '');
  }
  if (atr !== null) sheet.add('atr-14', atr, 'USD');
  return sheet;
}
const decide = (votes: Votes, held = 0) => decideTechnical(sheetOf(votes), held);
const quiet = { direction: 'weak', exhaustion: 'low', bands: 'inside' } as const;

describe('the score', () => {
  // Weights: trend 0.35, direction 0.25, momentum 0.20, exhaustion 0.15, bands 0.05.
  test.each<[Votes, string, number]>([
    [{ trend: 'up', direction: 'up', momentum: 'up', exhaustion: 'up', bands: 'up' }, 'BUY', 1],
    [{ trend: 'down', direction: 'down', momentum: 'down', exhaustion: 'down', bands: 'down' }, 'SELL', 1],
    // The example of docs/rules.md: 0.35 + 0.20.
    [{ ...quiet, trend: 'up', momentum: 'up' }, 'BUY', 0.55],
    [{ ...quiet, trend: 'down', momentum: 'down' }, 'SELL', 0.55],
    // Exactly 0.45 acts, however it comes about: 0.25 + 0.20; 0.35 + 0.25 − 0.20 + 0.05; 0.35 + 0.25 − 0.15.
    [{ ...quiet, trend: 'equal', direction: 'up', momentum: 'up' }, 'BUY', 0.45],
    [{ trend: 'up', direction: 'up', momentum: 'down', exhaustion: 'low', bands: 'up' }, 'BUY', 0.45],
    [{ trend: 'down', direction: 'down', momentum: 'up', exhaustion: 'high', bands: 'down' }, 'SELL', 0.45],
    [{ trend: 'up', direction: 'up', momentum: 'equal', exhaustion: 'down', bands: 'inside' }, 'BUY', 0.45],
    // 0.35 + 0.25 − 0.20 and 0.35 + 0.05 do not reach it.
    [{ ...quiet, trend: 'up', direction: 'up', momentum: 'down' }, 'HOLD', 0.6],
    [{ ...quiet, trend: 'up', momentum: 'equal', bands: 'up' }, 'HOLD', 0.6],
    // Nothing speaks: the edges of every range count as quiet.
    [
      { trend: 'equal', direction: 'equal', momentum: 'equal', exhaustion: 'high', bands: 'atUpper' },
      'HOLD',
      1,
    ],
    [
      { trend: 'equal', direction: 'weak', momentum: 'equal', exhaustion: 'low', bands: 'atLower' },
      'HOLD',
      1,
    ],
    // What rounding leaves of a market that stands still has no direction.
    [{ trend: 'dust', direction: 'dust', momentum: 'dust', exhaustion: 'still', bands: 'inside' }, 'HOLD', 1],
  ])('of %j leads to %s with confidence %d', (votes, action, confidence) => {
    const answer = decide(votes);
    expect(answer.action).toBe(action);
    expect(answer.confidence).toBeCloseTo(confidence, 12);
  });

  test.each<[Votes, string, number]>([
    // 0.35 / 0.35; (0.35 − 0.20) / 0.55; (0.20 − 0.15) / 0.35; 0.05 / 0.05.
    [{ trend: 'up' }, 'BUY', 1],
    [{ trend: 'up', momentum: 'down' }, 'HOLD', 1 - 0.15 / 0.55],
    [{ momentum: 'up', exhaustion: 'down' }, 'HOLD', 1 - 0.05 / 0.35],
    [{ bands: 'down' }, 'SELL', 1],
  ])(
    'counts over the moons that are there: %j leads to %s with confidence %d',
    (votes, action, confidence) => {
      const answer = decide(votes);
      expect(answer.action).toBe(action);
      expect(answer.confidence).toBeCloseTo(confidence, 12);
    },
  );

  test('needs one of its moons; others are not read', () => {
    const sheet = new EvidenceSheet(0);
    sheet.add('close', 100, 'USD');
    sheet.add('ema-20', 101, 'USD');
    sheet.add('ema-50', 101, 'USD');
    sheet.lack('ema-200', 'absent');
    expect(() => decideTechnical(sheet, 0)).toThrow(expect.objectContaining({ code: 'agents-invalid' }));
  });
});

describe('a position', () => {
  const slightlyDown: Votes = { ...quiet, trend: 'up', direction: 'down', momentum: 'down' };

  test('against the sign of the score is closed with the magnitude of the score', () => {
    // 0.35 − 0.25 − 0.20 = −0.10
    expect(decide(slightlyDown, 5)).toMatchObject({ action: 'CLOSE', sizePct: null, stop: null });
    expect(decide(slightlyDown, 5).confidence).toBeCloseTo(0.1, 12);
  });

  test('with the score, or beside a score of 0, is held', () => {
    expect(decide(slightlyDown, -5).action).toBe('HOLD');
    expect(decide({ ...quiet, trend: 'equal', momentum: 'equal' }, 5).action).toBe('HOLD');
    expect(decide({ ...quiet, trend: 'equal', momentum: 'equal' }, -5).action).toBe('HOLD');
  });

  test('against a strong score is not merely closed', () => {
    expect(decide({ ...quiet, trend: 'down', momentum: 'down' }, 5).action).toBe('SELL');
  });
});

describe('an opening', () => {
  const up: Votes = { ...quiet, trend: 'up', momentum: 'up' };

  // Confidence 0.55 throughout: size is 0.55 × 2 % of equity over the distance, at most 40 %.
  test.each([
    ['two ranges away', 1.5, 97, 36.666_666_666_666_664],
    ['half a per cent away at least', 0.1, 99.5, 40],
    ['four and a half per cent away at most', 5, 95.5, 24.444_444_444_444_443],
    ['three per cent away without a range', null, 97, 36.666_666_666_666_664],
    ['half a per cent away when nothing moved', 0, 99.5, 40],
  ])('has its stop %s', (_where, atr, stop, sizePct) => {
    const answer = decideTechnical(sheetOf(up, { atr }), 0);
    expect(answer.stop).toBeCloseTo(stop, 9);
    expect(answer.sizePct).toBeCloseTo(sizePct, 9);
  });

  test('short has its stop as far above', () => {
    const down: Votes = { ...quiet, trend: 'down', momentum: 'down' };
    expect(decideTechnical(sheetOf(down, { atr: 1.5 }), 0).stop).toBeCloseTo(103, 9);
  });

  test('whatever the market: the stop is on its side within 0.5 … 4.5 %, and risks at most confidence × 2 %', () => {
    const states = Object.entries(readings).map(([vote, own]) =>
      fc.constantFrom(...Object.keys(own)).map((state) => [vote, state]),
    );
    const votes = fc.tuple(...states).map((pairs) => Object.fromEntries(pairs) as Votes);
    const price = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    const range = fc.option(fc.double({ min: 0, max: 1e5, noNaN: true }));
    fc.assert(
      fc.property(votes, price, range, fc.constantFrom(-1, 0, 1), (own, close, atr, held) => {
        const { action, confidence, stop, sizePct, keyFactors } = decideTechnical(
          sheetOf(own, { atr, close }),
          held,
        );
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(keyFactors.every(({ evidence }) => evidence.length > 0)).toBe(true);
        if (action !== 'BUY' && action !== 'SELL') {
          expect([stop, sizePct]).toEqual([null, null]);
          return;
        }
        const distancePct = ((action === 'BUY' ? close - stop! : stop! - close) * 100) / close;
        expect(distancePct).toBeGreaterThan(0.5 - 1e-9);
        expect(distancePct).toBeLessThan(4.5 + 1e-9);
        expect(sizePct).toBeLessThanOrEqual(40);
        expect((sizePct! * distancePct) / 100).toBeLessThanOrEqual(2 * confidence + 1e-9);
      }),
    );
  });
});

test('every vote names what it rests on, and a tie is told as one', () => {
  const { keyFactors } = decideTechnical(
    sheetOf(
      { trend: 'equal', direction: 'weak', momentum: 'up', exhaustion: 'up', bands: 'down' },
      { atr: 1 },
    ),
    0,
  );
  expect(keyFactors).toEqual([
    { text: 'no trend: ema-50 equals ema-200', evidence: ['e2', 'e3'] },
    { text: 'no strong movement: adx-14 not above 25', evidence: ['e4', 'e5', 'e6'] },
    { text: 'momentum rising: MACD above its signal', evidence: ['e7', 'e8', 'e9'] },
    { text: 'oversold: rsi-14 under 30', evidence: ['e10'] },
    { text: 'close above the Bollinger bands', evidence: ['e1', 'e11', 'e12'] },
  ]);
});
