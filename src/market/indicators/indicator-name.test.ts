import { describe, expect, test } from 'vitest';
import { indicatorFamilies, indicatorUsage, parseIndicatorName } from './index.ts';

function parsed(name: string) {
  const result = parseIndicatorName(name);
  return result.kind === 'fault' ? result : [result.family.name, result.parameters, result.output];
}

describe('a name', () => {
  test.each([
    ['sma-20', ['sma', [20], '']],
    ['macd', ['macd', [12, 26, 9], '']],
    ['macd-5-35.signal', ['macd', [5, 35, 9], 'signal']],
    ['bollinger', ['bollinger', [20, 2], 'middle']],
    ['bollinger-20-2.5.upper', ['bollinger', [20, 2.5], 'upper']],
    ['adx-14.plus-di', ['adx', [14], 'plus-di']],
    ['stochastic-fast-5.d', ['stochastic-fast', [5, 3], 'd']],
    ['parabolic-sar-0.01-0.1', ['parabolic-sar', [0.01, 0.1], '']],
    ['vwap.session', ['vwap', [], 'session']],
  ])('%s', (name, meaning) => {
    expect(parsed(name)).toEqual(meaning);
  });

  test.each([
    ['ema', 'Write ema-PERIOD with PERIOD a whole number from 1 to 10000.'],
    ['ema-0', 'PERIOD a whole number from 1 to 10000'],
    ['ema-10001', 'PERIOD a whole number from 1 to 10000'],
    ['ema-2.5', 'PERIOD a whole number from 1 to 10000'],
    ['ema-20-30', 'Write ema-PERIOD'],
    ['sma--3', 'Write sma-PERIOD with PERIOD a whole number from 1 to 10000.'],
    ['bollinger-20--2.upper', 'Write bollinger-PERIOD-WIDTH'],
    ['sma-1e-7', 'Write sma-PERIOD'],
    ['sma-NaN', 'Write sma-PERIOD'],
    ['sma-undefined', 'Write sma-PERIOD'],
    ['bollinger-20-0', 'WIDTH a number from 0.1 to 10 (2 when left out)'],
    ['obv-3', 'Write obv, which takes no number.'],
    ['macd-26-12', 'Write macd-FAST-SLOW-SIGNAL'],
    ['macd.sginal', 'Write macd, macd.signal, macd.histogram.'],
    ['bolinger-20', 'Did you mean bollinger-20?'],
    ['stochastic-rs-14', 'Did you mean stochastic-rsi-14?'],
    ['ema-020', 'Write ema-PERIOD'],
    ['bollinger-20-2.0', 'Write bollinger-PERIOD-WIDTH'],
    ['EMA-20', 'Did you mean ema-20?'],
    ['stoch-14', 'Did you mean stochastic-14 or stochastic-fast-14 or stochastic-rsi-14?'],
    ['moon-20', 'Names are written like sma-20, rsi-14 or macd.signal.'],
    ['', 'Names are written like sma-20, rsi-14 or macd.signal.'],
  ])('"%s" is refused with what to write instead', (name, hint) => {
    expect(parsed(name)).toMatchObject({ kind: 'fault', hint: expect.stringContaining(hint) });
  });
});

test('no two families share a name, and once a number may be left out all that follow may', () => {
  expect(new Set(indicatorFamilies.map(({ name }) => name)).size).toBe(indicatorFamilies.length);
  for (const family of indicatorFamilies) {
    const required = family.parameters.map(({ default: standard }) => standard === null);
    expect(required, indicatorUsage(family)).toEqual(required.toSorted().reverse());
  }
});
