import { describe, expect, test } from 'vitest';
import { decisionOf, situationAt } from '../../test/decisions.ts';
import { noUsage } from '../agents/index.ts';
import type { DecisionRecord } from '../core/index.ts';
import type { Checkpoint, Step } from '../engine/index.ts';
import { JournalWriter, type RunCheckpoint, type StepSink } from './journal-writer.ts';

/** Instant `number` with so many records, all decided by rules but for what `fields` says of the first. */
function stepOf(number: number, count = 1, fields: Partial<DecisionRecord> = {}): Step {
  const situation = situationAt(number);
  const records = Array.from({ length: count }, (_, index) =>
    decisionOf(situation, index === 0 ? fields : {}),
  );
  const { at } = situation;
  return { at, records, orders: [], fills: [], trades: [], refusals: [], equity: { at, equity: 1, cash: 1 } };
}

const checkpointAt = (number: number): Checkpoint => ({
  ...{ at: number, number, decider: null },
  broker: { cash: 1, holdings: [], waiting: [] },
  portfolio: { cash: 1, fees: 0, positions: [], marks: [] },
  guard: { highest: 10_000, peak: 1, losingTrades: 0, pausedBars: 0, pauseReason: null },
});

function writing(append: StepSink['append'] = async () => undefined) {
  const batches: {
    readonly run: string;
    readonly numbers: readonly number[];
    readonly checkpoint: RunCheckpoint;
  }[] = [];
  let calls = 0;
  const sink: StepSink = {
    async append(run, steps, checkpoint) {
      await append(run, steps, checkpoint);
      batches.push({ run, numbers: steps.map(({ at }) => at / 3_600_000 - 1), checkpoint });
    },
  };
  const writer = new JournalWriter(sink, 'r', () => ({ ...noUsage, calls: ++calls }));
  return { writer, batches };
}

describe('the journal writer', () => {
  test('holds back what rules decided, and writes it with the last checkpoint when it is closed', async () => {
    const { writer, batches } = writing();
    for (const number of [1, 2, 3]) await writer.add(stepOf(number), () => checkpointAt(number));
    expect(batches).toEqual([]);
    await writer.close();
    expect(batches).toMatchObject([{ run: 'r', numbers: [1, 2, 3], checkpoint: { loop: { number: 3 } } }]);
  });

  test('takes a checkpoint only of what it writes', async () => {
    const { writer } = writing();
    const taken: number[] = [];
    for (const number of [1, 2]) {
      await writer.add(stepOf(number), () => {
        taken.push(number);
        return checkpointAt(number);
      });
    }
    await writer.close();
    expect(taken).toEqual([2]);
  });

  test.each([
    ['an answer', { source: 'llm', provider: 'local' }],
    ['a failed call', { source: 'rules', fellBack: true, provider: 'local' }],
  ] as const)(
    'writes at once what was paid for: %s, and all that was held back before it',
    async (_what, fields) => {
      const { writer, batches } = writing();
      await writer.add(stepOf(1), () => checkpointAt(1));
      await writer.add(stepOf(2, 3, fields), () => checkpointAt(2));
      expect(batches).toMatchObject([
        { numbers: [1, 2], checkpoint: { loop: { number: 2 }, usage: { calls: 1 } } },
      ]);
      await writer.add(stepOf(3), () => checkpointAt(3));
      expect(batches).toHaveLength(1);
    },
  );

  test('writes a batch as soon as it has 1,500 records, and begins anew', async () => {
    const { writer, batches } = writing();
    await writer.add(stepOf(1, 1_499), () => checkpointAt(1));
    expect(batches).toEqual([]);
    await writer.add(stepOf(2), () => checkpointAt(2));
    await writer.add(stepOf(3, 1_499), () => checkpointAt(3));
    expect(batches.map(({ numbers }) => numbers)).toEqual([[1, 2]]);
    await writer.close();
    expect(batches.map(({ numbers }) => numbers)).toEqual([[1, 2], [3]]);
  });

  test('writes nothing when there is nothing', async () => {
    const { writer, batches } = writing();
    await writer.close();
    await writer.add(stepOf(1), () => checkpointAt(1));
    await writer.close();
    await writer.close();
    expect(batches).toHaveLength(1);
  });

  test('tells whoever adds that the journal failed', async () => {
    const { writer } = writing(() => Promise.reject(new Error('disk full')));
    await expect(writer.add(stepOf(1, 1, { provider: 'local' }), () => checkpointAt(1))).rejects.toThrow(
      'disk full',
    );
  });
});
