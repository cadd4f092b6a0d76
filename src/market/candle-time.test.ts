import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochUnit, type TimeFormat, utcOffset, wallTime } from './candle-time.ts';

const written: TimeFormat = { kind: 'written' };

function instant(text: string, format = written): number {
  const bytes = Buffer.from(`,${text},`);
  const end = bytes.length - 1;
  return wallTime(format, bytes, 1, end) - utcOffset(format, bytes, 1, end);
}

describe('written times', () => {
  test.each([
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2024-02-29 14:30', '2024-02-29T14:30:00.000Z'],
    ['2024-02-29 14:30:05', '2024-02-29T14:30:05.000Z'],
    ['2024-02-29T14:30:05.1239', '2024-02-29T14:30:05.123Z'],
    ['2024-02-29T14:30:05Z', '2024-02-29T14:30:05.000Z'],
    ['2024-02-29 14:30:05 UTC', '2024-02-29T14:30:05.000Z'],
    ['2025-01-06 09:30:00-05:00', '2025-01-06T14:30:00.000Z'],
    ['2025-01-06T09:30:00+0530', '2025-01-06T04:00:00.000Z'],
    ['2025-01-06 23:30+01', '2025-01-06T22:30:00.000Z'],
  ])('%s', (text, expected) => {
    expect(instant(text)).toBe(Date.parse(expected));
  });

  test.each([
    '2023-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-01-01 24:00',
    '2024-01-01 12:60',
    '2024-01-01 12',
    '2024-01-01 12:30:61',
    '2024-01-01 12:30:00.',
    '2024-01-01 12:30:00+25:00',
    '2024-01-01 12:30:00 CET',
    '01/02/2024',
    '2024/01/02',
    '20240102',
    '0024-01-02',
    'yesterday',
    '',
  ])('refuses "%s"', (text) => {
    expect(instant(text)).toBeNaN();
  });

  test('every instant survives being written with any offset', () => {
    const at = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2100, 0, 1) });
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(at, offset, (ms, minutes) => {
        const local = new Date(ms + minutes * 60_000).toISOString().slice(0, -1);
        const size = Math.abs(minutes);
        const zone = [Math.floor(size / 60), size % 60]
          .map((part) => String(part).padStart(2, '0'))
          .join(':');
        expect(instant(`${local}${minutes < 0 ? '-' : '+'}${zone}`)).toBe(ms);
      }),
    );
  });
});

describe('epoch times', () => {
  test.each([
    ['s', '1502942400', 1_502_942_400_000],
    ['s', '1502942400.0', 1_502_942_400_000],
    ['s', '1.5029424e9', 1_502_942_400_000],
    ['ms', '1502942400123', 1_502_942_400_123],
    ['µs', '1735689600000000', 1_735_689_600_000],
  ] as const)('in %s: %s', (unit, text, expected) => {
    expect(epochUnit(Number(text))).toBe(unit);
    expect(instant(text, { kind: 'epoch', unit })).toBe(expected);
  });

  test('numbers of another size are none', () => {
    expect(epochUnit(20_240_102)).toBeNull();
    expect(epochUnit(86_340_000)).toBeNull();
    expect(epochUnit(1_735_689_600_000_000_000)).toBeNull();
    expect(instant('1735689600000000', { kind: 'epoch', unit: 'ms' })).toBeNaN();
  });
});
