import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EpochMs } from '../core/index.ts';
import { loadCandleFile } from './candle-file.ts';
import { type CandleCheck, checkCandleFile } from './check-candles.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orrery-candles-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function load(content: string | Uint8Array, limits: { to?: EpochMs } = {}) {
  const file = join(folder, 'TEST.csv');
  await writeFile(file, content);
  return loadCandleFile({ symbol: 'TEST', file, format: null }, limits);
}

const header = 'timestamp,open,high,low,close,volume\n';
/** A Monday. */
const start = Date.UTC(2024, 0, 1);
const hour = 3_600_000;

/** Sound hourly rows whose prices depend on the index only. */
function hourlyRow(index: number): string {
  const open = 100 + (index % 7);
  return `${new Date(start + index * hour).toISOString()},${open},${open + 2},${open - 1},${open + 1},${index + 1}\n`;
}

function hourlyRows(count: number): string[] {
  return Array.from({ length: count }, (_, index) => hourlyRow(index));
}

test('garbage ends in an error of ours, whatever it is', async () => {
  const lines = fc.array(
    fc.oneof(
      fc.constantFrom(
        hourlyRow(1),
        hourlyRow(2),
        '"',
        ',,,,,\n',
        '\r\n',
        '2024-01-01,',
        '1e5',
        '-',
        '\u0000',
      ),
      fc.string(),
    ),
    { maxLength: 20 },
  );
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    lines.map((parts) => header + parts.join('')),
  );
  await fc.assert(
    fc.asyncProperty(content, async (bytes) => {
      const outcome = await load(bytes).catch((thrown: unknown) => thrown);
      const option = { symbol: 'TEST', file: join(folder, 'TEST.csv'), format: null };
      const check = await checkCandleFile(option).catch((thrown: unknown) => thrown);
      for (const result of [outcome, check]) {
        if (result instanceof Error) expect(result).toMatchObject({ name: 'OrreryError', exitCode: 2 });
      }
      // One parser feeds both: what loads has no fatal problem, and the other way round.
      expect(check instanceof Error || !(check as CandleCheck).ok).toBe(outcome instanceof Error);
    }),
    { numRuns: 300 },
  );
});

describe('the future makes no difference', () => {
  const rows = hourlyRows(1_100);
  const endings = fc.array(
    fc.oneof(
      fc.constant('2030-02-31,x,y\n'),
      fc.constant('2031-01-01,1e9,1e9,1e9,1e9,0\n'),
      fc.constant('2032-01-01T05:06:07+09:00,-1,nan,,"3,5\n'),
      fc.string({ unit: 'grapheme-ascii' }).map((text) => `9999${text}\n`),
    ),
    { maxLength: 5 },
  );

  test('rows before `to` read the same whatever follows the first thousand', async () => {
    const whole = await load(header + rows.join(''));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1_000, max: 1_099 }), endings, async (kept, ending) => {
        const to = start + kept * hour;
        // The boundary itself has to be told by a readable row.
        const content = header + rows.slice(0, kept + 1).join('') + ending.join('');
        const { series, instrument } = await load(content, { to });
        expect(instrument).toEqual(whole.instrument);
        expect(series.intervalMs).toBe(hour);
        expect(series.length).toBe(kept);
        for (const column of ['openTime', 'open', 'high', 'low', 'close', 'volume'] as const) {
          expect(series[column]).toEqual(whole.series[column].slice(0, kept));
        }
      }),
      { numRuns: 50 },
    );
  });

  test('a row from before `to` further down is not overlooked', async () => {
    const content = header + [...hourlyRows(5), hourlyRow(50), hourlyRow(5)].join('');
    await expect(load(content, { to: start + 10 * hour })).rejects.toThrow(
      /line 8: .* a row before has a later time/,
    );
  });

  test('a time that cannot be read before the end was seen is a fault', async () => {
    const content = `${header}${hourlyRow(0)}${hourlyRow(1)}oops,1,1,1,1,1\n${hourlyRow(3)}`;
    await expect(load(content, { to: start + 2 * hour })).rejects.toThrow(/line 4/);
  });
});
