import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EvidenceSheet } from './evidence-sheet.ts';

const at = 3_600_000;

function lineOf(value: number, unit = ''): string {
  const sheet = new EvidenceSheet(at);
  sheet.add('x', value, unit);
  return sheet.lines();
}

describe('evidence lines', () => {
  test('are `[ID] NAME = VALUE UNIT` or `[ID] NAME missing: REASON`, in the order of their ids', () => {
    const sheet = new EvidenceSheet(at);
    sheet.add('close', 20_123.5, 'USDT');
    sheet.lack('ema-200', 'warming-up');
    sheet.add('macd.histogram', -1.25, '');
    sheet.lack('news', 'stale');
    expect(sheet.lines()).toBe(
      '[e1] close = 20123.5 USDT\n[e2] ema-200 missing: warming-up\n[e3] macd.histogram = -1.25\n[e4] news missing: stale',
    );
  });

  test.each([
    [0, '0'],
    [-0, '0'],
    [42, '42'],
    [-0.5, '-0.5'],
    [0.1 + 0.2, '0.3'],
    [1e-7, '0.0000001'],
    [-1.5e-9, '-0.0000000015'],
    [1.234567891234e-12, '0.000000000001234567891'],
    [1.5e-25, '0.00000000000000000000000015'],
    [123_456_789_012.75, '123456789000'],
    [1e21, '1000000000000000000000'],
    [-2.5e22, '-25000000000000000000000'],
  ])('write %d as a plain decimal of at most ten digits', (value, text) => {
    expect(lineOf(value)).toBe(`[e1] x = ${text}`);
  });

  test('never show an exponent, and read back as the number to ten digits', () => {
    const size = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
    const number = fc.tuple(size, fc.constantFrom(1, -1)).map(([value, sign]) => value * sign);
    fc.assert(
      fc.property(number, (value) => {
        const text = /^\[e1\] x = (-?\d+(?:\.\d+)?) USD$/.exec(lineOf(value, 'USD'))?.[1];
        expect(text).toBeDefined();
        expect(Math.abs(Number(text) / value - 1)).toBeLessThan(1e-9);
      }),
    );
  });
});

describe('an evidence sheet', () => {
  test('keeps a place and an id for what is missing, so that ids mean the same on every bar', () => {
    const sheets = [10, null].map((rsi) => {
      const sheet = new EvidenceSheet(at);
      sheet.add('close', 1, 'USD');
      if (rsi === null) sheet.lack('rsi-14', 'warming-up');
      else sheet.add('rsi-14', rsi, 'score');
      sheet.add('position', 0, 'units');
      return sheet;
    });
    expect(sheets.map((sheet) => sheet.evidence.map(({ id, name }) => `${id} ${name}`))).toEqual([
      ['e1 close', 'e2 rsi-14', 'e3 position'],
      ['e1 close', 'e2 rsi-14', 'e3 position'],
    ]);
    expect(sheets[1]?.missing).toEqual([{ name: 'rsi-14', reason: 'warming-up' }]);
    expect(sheets[1]?.evidence[1]).toMatchObject({ value: null, unit: '' });
  });

  test('finds values and ids by name; what is missing or unknown has no value', () => {
    const sheet = new EvidenceSheet(at);
    sheet.add('close', 0, 'USD');
    sheet.lack('news', 'absent');
    expect([sheet.value('close'), sheet.value('news'), sheet.value('rsi-14')]).toEqual([0, null, null]);
    expect(sheet.ids('news', 'rsi-14', 'close')).toEqual(['e2', 'e1']);
  });

  test('covers the share of its inputs that are there, none of nothing', () => {
    const sheet = new EvidenceSheet(at);
    expect(sheet.coverage).toBe(0);
    sheet.add('a', 1, '');
    expect(sheet.coverage).toBe(1);
    sheet.lack('b', 'failed');
    sheet.lack('c', 'stale');
    sheet.add('d', 1, '');
    expect(sheet.coverage).toBe(0.5);
  });

  test('is of its own instant where nobody says otherwise', () => {
    const sheet = new EvidenceSheet(at);
    sheet.add('close', 1, 'USD');
    sheet.add('news-1', 0.5, 'score', { eventAt: 10, knownAt: 20 });
    expect(sheet.evidence).toMatchObject([
      { eventAt: at, knownAt: at },
      { eventAt: 10, knownAt: 20 },
    ]);
  });
});
