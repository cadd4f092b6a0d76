import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { candleCsv, readCandleCsv, walkingCandles } from './candle-csv.ts';
import {
  type DecisionRecord,
  decisionRecords,
  equityPoints,
  type Fill,
  fills,
  type Order,
  orders,
  type RunDocument,
  runDocument,
  runSummaries,
  type Trade,
  trades,
} from './documents.ts';
import { dailyEquities, describeOnRealData, fiveMinuteBitcoin, hourlyBitcoin } from './real-data.ts';
import { solarWith } from './solar-desk.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

/** The bars that trade: from the middle of a file, 25 weeks of one hour. */
const halfYear = ['--data', hourlyBitcoin, '--from', '2022-01-01', '--to', '2022-07-01'];

describeOnRealData('half a year of hourly bitcoin', () => {
  let place: Workplace;
  let document: RunDocument;
  let records: readonly DecisionRecord[];
  let decisions: readonly DecisionRecord[];
  let allOrders: readonly Order[];
  let allFills: readonly Fill[];
  let allTrades: readonly Trade[];
  let candles: ReadonlyMap<string, ReturnType<typeof readCandleCsv>[number]>;
  const hourMs = 3_600_000;
  const candleClosedAt = (at: string) => candles.get(new Date(Date.parse(at) - hourMs).toISOString())!;

  beforeAll(async () => {
    place = openWorkplace();
    document = await place.json(runDocument, 'run', 'solar', ...halfYear, '--id', 'half');
    const ofRun = ['list', '--run', 'half'];
    [records, allOrders, allFills, allTrades] = await Promise.all([
      place.json(decisionRecords, 'decisions', ...ofRun),
      place.json(orders, 'orders', ...ofRun),
      place.json(fills, 'fills', ...ofRun),
      place.json(trades, 'trades', ...ofRun),
    ]);
    decisions = records.filter((record) => record.kind === 'decision');
    const rows = readCandleCsv(readFileSync(hourlyBitcoin, 'utf8'));
    candles = new Map(rows.map((row) => [row.time, row]));
  });

  test('has one decision a bar, and counts what it lists', async () => {
    const expected = [...candles.keys()].filter((time) => time >= '2022-01-01' && time < '2022-07-01');
    const closes = expected.map((time) => new Date(Date.parse(time) + hourMs).toISOString());
    expect(decisions.map(({ at }) => at)).toEqual(closes);
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    expect(document).toMatchObject({
      run: 'half',
      desk: 'solar',
      from: '2022-01-01T00:00:00.000Z',
      to: '2022-07-01T00:00:00.000Z',
      bars: expected.length,
      decisions: expected.length,
      orders: allOrders.length,
      refused: allOrders.filter(({ status }) => status === 'refused').length,
      fills: allFills.length,
      trades: allTrades.length,
      sources: { llm: 0, cache: 0, council: 0, model: 0, rules: expected.length, hold: 0 },
      llm: { calls: 0, costUsd: 0, recordedCostUsd: 0 },
      instruments: [{ symbol: 'BTCUSDT', assetClass: 'crypto', timeframe: '1h', file: hourlyBitcoin }],
    });
    expect(readFileSync(document.report, 'utf8')).toContain('<!doctype html>');
    const [listed] = await place.json(runSummaries, 'runs', 'list');
    expect(listed).toMatchObject({ run: 'half', status: 'done', bars: expected.length, hash: document.hash });
  });

  test('trades on both sides, at least twenty times', () => {
    expect(allTrades.length).toBeGreaterThanOrEqual(20);
    expect(new Set(allTrades.map(({ side }) => side))).toEqual(new Set(['LONG', 'SHORT']));
  });

  test('keeps an account that adds up to the cent', async () => {
    const { equity, metrics } = document;
    expect(equity.cash + equity.positions).toBeCloseTo(equity.end, 2);
    const cash = allFills.reduce((sum, { side, quantity, price, fee }) => {
      return sum - (side === 'BUY' ? 1 : -1) * quantity * price - fee;
    }, equity.start);
    expect(cash).toBeCloseTo(equity.cash, 2);
    const held = allFills.reduce((sum, { side, quantity }) => sum + (side === 'BUY' ? 1 : -1) * quantity, 0);
    expect(held * candleClosedAt(document.to).close).toBeCloseTo(equity.positions, 2);
    expect(sumOf(allFills, ({ fee }) => fee)).toBeCloseTo(equity.fees, 2);
    expect(metrics.returnPct).toBeCloseTo((100 * (equity.end - equity.start)) / equity.start, 6);
    expect(metrics).toMatchObject({ cagrPct: null, periodsPerYear: 365 });
    const points = await place.json(equityPoints, 'equity', 'list', '--run', 'half');
    expect(points).toHaveLength(document.bars);
    expect(points.at(-1)).toEqual({ at: document.to, equity: equity.end, cash: equity.cash });
  });

  test('fills orders at the next open and stops at their price, half the spread against it, for the fee', () => {
    const byId = new Map(allOrders.map((order) => [order.id, order]));
    for (const fill of allFills) {
      // The close of one hourly bar is the open of the next: there is no hole in this stretch.
      const { at, type, stop } = byId.get(fill.order)!;
      expect(fill.at).toBe(at);
      const { open, low, high } = candles.get(fill.at)!;
      const worse = fill.side === 'BUY' ? Math.max : Math.min;
      const market = type === 'stop' ? worse(open, stop!) : open;
      expect(low <= market && market <= high).toBe(true);
      expect(fill.price).toBeCloseTo(market * (fill.side === 'BUY' ? 1 + 1 / 10_000 : 1 - 1 / 10_000), 8);
      expect(fill.fee).toBeCloseTo((fill.price * fill.quantity * 10) / 10_000, 8);
    }
    const filled = allOrders.filter(({ status }) => status === 'filled').map(({ id }) => id);
    expect(allFills.map(({ order }) => order)).toEqual(filled);
    const waiting = allOrders.filter(({ status }) => status === 'approved');
    expect(document.orders).toBe(document.fills + document.refused + waiting.length);
  });

  test('holds no position past its stop, and closes it by an order that names the decision', () => {
    const stops = allOrders.filter(({ type }) => type === 'stop');
    expect(stops.length).toBeGreaterThan(5);
    for (const order of stops) {
      expect(order).toMatchObject({ status: 'filled', reason: 'stop-loss' });
      const decision = decisions.find(({ id }) => id === order.decision)!;
      const opening = allOrders.find(({ id }) => id === decision.order?.id)!;
      expect(order).toMatchObject({ id: `${opening.id}.stop`, stop: opening.stop });
      expect(decision.outcome).toMatchObject({ status: 'closed', exitBy: 'stop' });
    }
    for (const { at } of decisions) {
      const position = positionAt(at, allFills, allOrders);
      if (position === null) continue;
      const { low, high } = candleClosedAt(at);
      expect(position.quantity > 0 ? low > position.stop : high < position.stop).toBe(true);
    }
  });

  test('gives for every record reasons, evidence that was known, and inputs', () => {
    // An expectation for each of so many takes seconds.
    const wanting = records.find(({ at, kind, evidence, keyFactors, inputs, rung, verdict }) => {
      const ids = new Set(evidence.map(({ id }) => id));
      const isWhole =
        ids.size === evidence.length &&
        keyFactors.every((factor) => factor.evidence.every((id) => ids.has(id))) &&
        evidence.every(({ eventAt, knownAt }) => eventAt <= knownAt && knownAt <= at) &&
        Object.keys(inputs).length > 0 &&
        (rung !== null) === (kind === 'decision') &&
        (verdict !== null) === (kind === 'verdict');
      return !isWhole;
    });
    expect(wanting).toBeUndefined();
    expect(new Set(records.map(({ kind }) => kind)).size).toBe(4);
  });

  test('says what became of every decision that was ordered', () => {
    const byId = new Map(decisions.map((decision) => [decision.id, decision]));
    for (const order of allOrders) {
      if (order.type === 'stop') continue;
      const decision = byId.get(order.decision)!;
      expect(decision.order).toMatchObject({ id: order.id, side: order.side, quantity: order.quantity });
      // An order of the last bar has no next open to fill at.
      const possible = order.at === document.to ? /^pending$/ : /^(open|closed)$/;
      expect(decision.outcome?.status).toMatch(order.status === 'refused' ? /^refused$/ : possible);
    }
    const asked = allOrders.filter(({ type }) => type === 'market');
    expect(decisions.filter(({ order }) => order !== null)).toHaveLength(asked.length);
  });
});

describeOnRealData('other candles', () => {
  test('a narrow stop distance makes the guard refuse, with the reason', async () => {
    const place = openWorkplace();
    const desk = place.write('narrow.yaml', solarWith('stopDistancePct: 5', 'stopDistancePct: 0.1'));
    const document = await place.json(runDocument, 'run', desk, ...halfYear, '--id', 'narrow');
    const listed = await place.json(orders, 'orders', 'list', '--run', 'narrow');
    const refused = listed.filter(({ status }) => status === 'refused');
    expect(document.refused).toBeGreaterThan(20);
    expect(refused).toHaveLength(document.refused);
    for (const { reason } of refused) expect(reason).toEqual(expect.any(String));
    expect(document.fills).toBe(listed.length - refused.length);
  });

  test('four daily equities in one account', async () => {
    const place = openWorkplace();
    const desk = place.write('default-costs.yaml', solarWith(/broker: .*/, 'broker: { kind: simulated }'));
    const data = dailyEquities.flatMap((file) => ['--data', file]);
    const document = await place.json(runDocument, 'run', desk, ...data, '--id', 'four');
    // 1,318 days each; the first 199 of each warm up, and have decisions all the same.
    expect(document).toMatchObject({ bars: 4 * 1318, decisions: 4 * 1318, sources: { rules: 4 * 1318 } });
    expect(document.metrics).toMatchObject({ periodsPerYear: 252, cagrPct: expect.any(Number) });
    expect(
      document.instruments.map(({ symbol, assetClass, timeframe }) => [symbol, assetClass, timeframe]),
    ).toEqual(['AAPL', 'AMZN', 'GOOGL', 'SPY'].map((symbol) => [symbol, 'equity', '1d']));
    const { equity } = document;
    expect(equity.cash + equity.positions).toBeCloseTo(equity.end, 2);
    const listed = await place.json(fills, 'fills', 'list', '--run', 'four');
    expect(new Set(listed.map(({ instrument }) => instrument)).size).toBe(4);
    expect(sumOf(listed, ({ fee }) => fee)).toBeCloseTo(equity.fees, 2);
    // What an equity costs where the desk says nothing.
    for (const { price, quantity, fee } of listed)
      expect(fee).toBeCloseTo((price * quantity * 5) / 10_000, 8);
  });

  test('three days of five minutes', async () => {
    const place = openWorkplace();
    const range = ['--from', '2025-04-10', '--to', '2025-04-13'];
    const document = await place.json(runDocument, 'run', 'solar', '--data', fiveMinuteBitcoin, ...range);
    expect(document).toMatchObject({ bars: 864, decisions: 864, instruments: [{ timeframe: '5m' }] });
    expect(document.equity.cash + document.equity.positions).toBeCloseTo(document.equity.end, 2);
  });
});

describe('bars that cannot be judged', () => {
  test('while moons warm up every bar is a HOLD by rules that says so; bars before --from warm up', async () => {
    const place = openWorkplace();
    const data = ['--data', place.write('ABC_1h.csv', candleCsv(walkingCandles({ seed: 1, bars: 210 })))];
    await place.json(runDocument, 'run', 'solar', ...data, '--id', 'cold');
    const cold = await place.json(
      decisionRecords,
      'decisions',
      'list',
      '--run',
      'cold',
      '--kind',
      'decision',
    );
    expect(cold).toHaveLength(210);
    const warming = cold.filter(({ missing }) => missing.some(({ reason }) => reason === 'warming-up'));
    // ema-200 has its first value on the 200th bar.
    expect(warming.map(({ at }) => at)).toEqual(cold.slice(0, 199).map(({ at }) => at));
    for (const record of warming)
      expect(record).toMatchObject({ action: 'HOLD', source: 'rules', order: null });

    const from = ['--from', '2024-01-09T07:00:00Z'];
    const document = await place.json(runDocument, 'run', 'solar', ...data, ...from, '--id', 'warm');
    expect(document).toMatchObject({ bars: 11, from: '2024-01-09T07:00:00.000Z' });
    const warm = await place.json(
      decisionRecords,
      'decisions',
      'list',
      '--run',
      'warm',
      '--kind',
      'decision',
    );
    const evidence = (records: readonly DecisionRecord[]) => records.map((record) => record.evidence[0]);
    expect(evidence(warm)).toEqual(evidence(cold.slice(-11)));
    expect(warm.flatMap(({ missing }) => missing).map(({ reason }) => reason)).not.toContain('warming-up');
  });

  test('a market that stands still is left alone', async () => {
    const place = openWorkplace();
    // 100.3 has no exact binary form, so that its averages differ from it by the last digits.
    const still = walkingCandles({ seed: 1, bars: 300 }).map(({ time, volume }) => {
      return { time, volume, open: 100.3, high: 100.3, low: 100.3, close: 100.3 };
    });
    const data = ['--data', place.write('STILL_1h.csv', candleCsv(still))];
    const document = await place.json(runDocument, 'run', 'solar', ...data, '--id', 'still');
    expect(document).toMatchObject({ bars: 300, decisions: 300, orders: 0, trades: 0 });
    const records = await place.json(decisionRecords, 'decisions', 'list', '--run', 'still');
    expect(new Set(records.map(({ action }) => action))).toEqual(new Set(['HOLD']));
  });

  test('an instrument without a bar at an instant gets no decision there', async () => {
    const place = openWorkplace();
    const whole = walkingCandles({ seed: 1, bars: 300 });
    const holed = walkingCandles({ seed: 2, bars: 300 }).filter((_, index) => index < 250 || index >= 260);
    const data = [
      ['--data', place.write('WHOLE_1h.csv', candleCsv(whole))],
      ['--data', place.write('HOLED_1h.csv', candleCsv(holed))],
    ].flat();
    const document = await place.json(runDocument, 'run', 'solar', ...data, '--id', 'holes');
    expect(document).toMatchObject({ bars: 590, decisions: 590 });
    const records = await place.json(
      decisionRecords,
      'decisions',
      'list',
      '--run',
      'holes',
      '--kind',
      'decision',
    );
    const decided = (symbol: string) => records.filter(({ instrument }) => instrument === symbol);
    expect(decided('WHOLE')).toHaveLength(300);
    expect(decided('HOLED')).toHaveLength(290);
  });
});

interface HeldPosition {
  readonly quantity: number;
  readonly stop: number;
}

/** What the account held at the close of a bar, and the stop of the order that opened it. */
function positionAt(at: string, allFills: readonly Fill[], allOrders: readonly Order[]): HeldPosition | null {
  let quantity = 0;
  let stop: number | null = null;
  for (const fill of allFills) {
    if (fill.at >= at) break;
    quantity += (fill.side === 'BUY' ? 1 : -1) * fill.quantity;
    stop = allOrders.find(({ id }) => id === fill.order)?.stop ?? null;
  }
  return Math.abs(quantity) < 1e-9 || stop === null ? null : { quantity, stop };
}

function sumOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
