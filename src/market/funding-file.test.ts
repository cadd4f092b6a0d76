import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadFundingFile } from './funding-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-funding-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'funding.csv');
const load = (content: string | Buffer) => {
  writeFileSync(file, content);
  return loadFundingFile(file);
};
const at = (hour: number) => Date.UTC(2024, 0, 1, hour);
const twoRates = [
  { at: at(0), rate: 0.0001 },
  { at: at(8), rate: -0.00025 },
];

describe('a file of funding rates', () => {
  test.each([
    ['plain', 'time,rate\n2024-01-01T00:00:00Z,0.0001\n2024-01-01T08:00:00Z,-0.00025\n'],
    [
      'other columns, order and delimiter',
      'symbol;Funding Rate;Timestamp\nX;1e-4;2024-01-01 00:00\n\nX;-2.5e-4;2024-01-01 08:00',
    ],
    [
      'as data.binance.vision publishes it',
      `calc_time,funding_interval_hours,last_funding_rate\n${at(0)},8,0.00010000\n${at(8)},8,-0.00025000\n`,
    ],
    ['as exchanges answer', `\ufefffundingTime,fundingRate\r\n${at(0)},"0.0001"\r\n${at(8)},-0.00025\r\n`],
    ['another zone', 'time,rate\n2024-01-01T02:00:00+02:00,0.0001\n2024-01-01T10:00:00+02:00,-0.00025\n'],
  ])('%s', async (_, content) => {
    expect(await load(content)).toEqual(twoRates);
  });

  test('may hold a single settlement', async () => {
    expect(await load('time,rate\n2024-01-01,0\n')).toEqual([{ at: at(0), rate: 0 }]);
  });

  const row = '2024-01-01T00:00:00Z,0.0001';
  test.each([
    [
      `time,rate\n${row}\n2024-01-01T00:00:00Z,0.0002\n`,
      'line 3: its time is not after that of the line before',
    ],
    [`time,rate\n${row}\n2023-12-31,0.0002\n`, 'line 3: its time is not after'],
    [`time,rate\n${row}\n2024-01-02,0.1\n`, 'line 3: a rate of "0.1" is not plausible'],
    [`time,rate\n${row}\n2024-01-02,-12\n`, 'line 3: a rate of "-12" is not plausible'],
    [`time,rate\n${row}\n2024-01-02,0.01%\n`, 'line 3: "0.01%" is not a number'],
    [`time,rate\n${row}\n2024-01-02,\n`, 'line 3: "" is not a number'],
    [`time,rate\n${row}\n2024-01-02\n`, 'line 3: 1 fields where the header names 2'],
    [`time,rate\n${row}\n\nsoon,0.1\n`, 'line 4: "soon" is not a time'],
    [`time,open\n${row}\n`, 'line 1: no column is named rate'],
    [`rate\n0.1\n`, 'line 1: no column holds the time'],
    [`time,rate\n`, 'has a header but no rows'],
    ['', 'is empty'],
    ['PAR1\0\0', 'is binary'],
  ])('is refused with its line: %j', async (content, message) => {
    await expect(load(content)).rejects.toMatchObject({
      code: expect.stringMatching(/^candles-(invalid|unrecognised)$/),
      message: expect.stringContaining(message),
    });
  });

  test('that is not there', async () => {
    await expect(loadFundingFile(join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'file-not-found' });
  });
});
