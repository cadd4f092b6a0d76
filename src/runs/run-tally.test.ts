import { describe, expect, test } from 'vitest';
import { decisionOf, signalOf, situationAt } from '../../test/decisions.ts';
import type { DecisionOrder, DecisionRecord, OrderRecord, Trade } from '../core/index.ts';
import { RunTally } from './run-tally.ts';

const order: DecisionOrder = {
  ...{ id: 'r.1.order', side: 'BUY', type: 'market', quantity: 1, stop: 97 },
  ...{ status: 'approved', reason: null },
};
const record = (number: number, fields: Partial<DecisionRecord> = {}) =>
  decisionOf(situationAt(number - 1), fields);

describe('a tally', () => {
  test('counts decisions by source, and those that fell back; other records count for nothing', () => {
    const tally = new RunTally();
    const situation = situationAt(0);
    tally.addRecords([
      { ...signalOf(situation, 'tina'), source: 'llm', fellBack: true },
      record(1, { source: 'llm' }),
      record(2, { source: 'rules', fellBack: true }),
      record(3, { source: 'hold', fellBack: true }),
      record(4, { source: 'rules' }),
    ]);
    expect(tally.decisions).toBe(4);
    expect(tally.sources).toEqual({ llm: 1, cache: 0, council: 0, model: 0, rules: 2, hold: 1 });
    expect(tally.fellBack).toBe(2);
  });

  test('counts who answered by rung and model, and those that fell back by the code of the error', () => {
    const tally = new RunTally();
    const failed = (code: string) => ({
      ...({ source: 'rules', fellBack: true } as const),
      inputs: { failures: [{ model: 'local/any', code, message: 'm' }] },
    });
    const answered = (rung: 'primary' | 'backup', model: string) =>
      ({ source: 'llm', rung, provider: 'local', model }) as const;
    const fields = [
      ...[answered('primary', 'large'), answered('backup', 'small'), answered('primary', 'large')],
      ...[failed('budget-exceeded'), failed('budget-exceeded'), failed('answer-invalid')],
    ];
    tally.addRecords(fields.map((one, at) => record(at + 1, one)));
    expect(tally.fellBackFor).toEqual({ 'budget-exceeded': 2, 'answer-invalid': 1 });
    expect(tally.answers).toEqual([
      { source: 'llm', rung: 'primary', model: 'local/large', decisions: 2 },
      { source: 'llm', rung: 'backup', model: 'local/small', decisions: 1 },
    ]);
  });

  test('gathers what every step brings, and tells the refused orders', () => {
    const tally = new RunTally();
    const orderRecord = (status: OrderRecord['status']): OrderRecord => ({
      ...{
        id: status,
        at: 1,
        instrument: 'A',
        side: 'BUY',
        type: 'market',
        quantity: 1,
        limit: null,
        stop: 97,
      },
      ...{ status, reason: null, decision: 'r.1' },
    });
    const fill = {
      order: 'o',
      at: 1,
      instrument: 'A',
      side: 'BUY',
      quantity: 1,
      price: 100,
      fee: 0.1,
    } as const;
    const trade: Trade = {
      ...{ instrument: 'A', side: 'LONG', quantity: 1, openedAt: 1, closedAt: 2, entry: 100, exit: 101 },
      ...{ pnl: 1, fees: 0, returnPct: 1, openedBy: 'o', closedBy: 'p' },
    };
    for (const at of [1, 2]) {
      const orders = at === 1 ? [orderRecord('approved'), orderRecord('refused')] : [orderRecord('refused')];
      const fills = at === 1 ? [fill] : [];
      const trades = at === 1 ? [] : [trade];
      const equity = { at, equity: at, cash: at };
      tally.add({ at, records: [record(at)], orders, fills, trades, refusals: [], equity });
    }
    expect([tally.orders.length, tally.refused, tally.decisions]).toEqual([3, 2, 2]);
    expect([tally.fills, tally.trades]).toEqual([[fill], [trade]]);
    expect(tally.equity.map(({ equity }) => equity)).toEqual([1, 2]);
  });

  test('counts an order that the broker could not fill as refused, unless a part of it was filled', () => {
    const tally = new RunTally();
    const at = 1;
    const placed = { at, instrument: 'A', side: 'BUY', type: 'market', quantity: 2, limit: null } as const;
    const orders = ['whole', 'part'].map((id): OrderRecord => {
      return { ...placed, id, stop: 97, status: 'approved', reason: null, decision: 'r.1' };
    });
    const equity = { at, equity: 1, cash: 1 };
    const nothing = { at, records: [], orders: [], fills: [], trades: [], refusals: [], equity };
    const fills = [
      { order: 'part', at, instrument: 'A', side: 'BUY', quantity: 1, price: 100, fee: 0 },
    ] as const;
    const refusals = orders.map(({ id: order }) => ({ order, at, reason: 'no equity' }));
    tally.add({ ...nothing, orders });
    tally.add({ ...nothing, fills, refusals });
    expect(tally.refused).toBe(1);
    expect(tally.orders.map(({ status, reason }) => `${status}: ${reason}`)).toEqual([
      'refused: no equity',
      'approved: no equity',
    ]);
  });

  test('explains a decision by the records of its own bar and instrument', () => {
    const tally = new RunTally();
    const [a, b] = [situationAt(0, 'A'), { ...situationAt(0, 'B'), number: 2 }];
    const [voiceA, voiceB] = [signalOf(a, 'tina'), signalOf(b, 'tina')];
    const [decisionA, decisionB] = [decisionOf(a), decisionOf(b)];
    tally.addRecords([voiceA, decisionA, voiceB, decisionB]);
    expect(tally.explained()).toEqual([
      { decision: decisionB, voices: [voiceB] },
      { decision: decisionA, voices: [voiceA] },
    ]);
  });

  test('keeps at least the latest 200 decisions and the latest 200 with an order, newest first and each once', () => {
    const tally = new RunTally();
    const ordered = (number: number) => number % 10 === 0;
    for (let number = 1; number <= 5_000; number++) {
      tally.addRecords([record(number, ordered(number) ? { order } : {})]);
    }
    const numbers = tally.explained().map(({ decision }) => decision.number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => b - a));
    for (let number = 4_801; number <= 5_000; number++) expect(numbers).toContain(number);
    for (let number = 3_010; number <= 5_000; number += 10) expect(numbers).toContain(number);
    // Memory does not grow with the run.
    expect(numbers.length).toBeLessThanOrEqual(800);
  });

  test('is the same whether fed while the run goes on or from the journal', () => {
    const [live, read] = [new RunTally(), new RunTally()];
    const steps = Array.from({ length: 30 }, (_, index) => [
      signalOf(situationAt(index), 'tina'),
      record(index + 1, index % 3 === 0 ? { order, source: 'llm' } : { fellBack: true }),
    ]);
    for (const records of steps) {
      const at = records[0]!.at;
      live.add({
        at,
        records,
        orders: [],
        fills: [],
        trades: [],
        refusals: [],
        equity: { at, equity: 1, cash: 1 },
      });
      read.addRecords(records);
    }
    expect(read.explained()).toEqual(live.explained());
    expect([read.sources, read.decisions, read.fellBack]).toEqual([
      live.sources,
      live.decisions,
      live.fellBack,
    ]);
  });
});
