import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const data = resolve(root, process.env['ORRERY_DATA'] ?? '../shared/data');
const present = existsSync(join(data, 'crypto')) && existsSync(join(data, 'equities'));
const skipped = !present && process.env['ORRERY_TEST_REQUIRE'] !== 'all';
if (skipped) console.warn(`skipped: there is no market data in ${data} (set ORRERY_DATA)`);

/** Tests that read `$ORRERY_DATA`. */
export const describeOnRealData = describe.skipIf(skipped);

const inData = (path: string) => join(data, path);

export const hourlyBitcoin = inData('crypto/binance-1h/BTCUSDT_1h_2017-2023.csv');
export const fiveMinuteBitcoin = inData('crypto/bybit-5m/BTCUSDT_5m_2025-04_05.csv');
export const rawShares = inData('equities/lean-daily/aapl.csv');
export const dailyEquities = ['AAPL', 'AMZN', 'GOOGL', 'SPY'].map((symbol) =>
  inData(`equities/yahoo-daily/${symbol}.csv`),
);
