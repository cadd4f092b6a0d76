import { expect, test } from 'vitest';
import { shippedPrompts } from '../../test/shipped-prompts.ts';
import { parseMoon } from '../agents/index.ts';
import { type AgentReport, isoTime, OrreryError } from '../core/index.ts';
import { readDesk } from '../desk/index.ts';
import type { Market } from '../engine/index.ts';
import { createSyntheticMarket } from '../market/index.ts';
import { checkDesk } from './check-desk.ts';
import type { PlayedDesk } from './check-records.ts';

const bars = 500;
const made = createSyntheticMarket({
  ...{ seed: 5, symbols: ['SYN-A', 'SYN-B'], timeframe: '1h', bars, start: Date.UTC(2024, 0, 1) },
});
const markets = made.series.map(
  (series, slot): Market => ({ instrument: made.instruments[slot]!, series, from: 200, to: bars }),
);

const series = made.series[0]!;

const spec = readDesk(
  `
desk: small
instruments: [SYN-A, SYN-B]
timeframe: 1h
capital: 10000
agents:
  - { name: chart, role: technical, decider: [rules], moons: [ema-50, ema-200, rsi-14, macd, adx-14, atr-14] }
  - { name: risk, role: risk-officer, decider: [rules] }
chief: { ladder: [rules, hold] }
`,
  'small',
  parseMoon,
);

const check = (around?: PlayedDesk['around']) =>
  checkDesk({ spec, prompts: shippedPrompts, ...(around === undefined ? {} : { around }) }, markets);

/** Puts somebody where an agent is, who is shown what the honest one says and whether the next bar closes higher. */
function replaced(
  name: string,
  say: (report: AgentReport, rises: boolean) => AgentReport,
): PlayedDesk['around'] {
  return (agent, played) => {
    if (agent.name !== name) return agent;
    const bySymbol = new Map(played.map(({ instrument, series }) => [instrument.symbol, series.close]));
    return {
      ...agent,
      async agent(situation, heard) {
        const close = bySymbol.get(situation.instrument.symbol)!;
        const { index } = situation;
        return say(await agent.agent(situation, heard), close[index + 1]! > close[index]!);
      },
    };
  };
}

test('an honest desk: nothing is found, and something was compared', async () => {
  const { findings, compared } = await check();
  expect(findings).toEqual([]);
  expect(compared.cuts).toBeGreaterThanOrEqual(20);
  expect(compared.orders).toBeGreaterThan(5);
  expect(compared.records).toBeGreaterThan(2 * 200);
});

test('an agent that knows the next bar is named, not those who listen to it', async () => {
  const sure = replaced('chart', ({ records, ...rest }, rises) => ({
    ...rest,
    records: records.map((record) => ({ ...record, confidence: rises ? 1 : 0 })),
  }));
  expect((await check(sure)).findings).toMatchObject([
    { kind: 'look-ahead', subject: 'chart', severity: 'fault' },
  ]);
});

test('so is one that keeps silent when it would be wrong', async () => {
  const silent = replaced('chart', (report, rises) => (rises ? report : { ...report, records: [] }));
  expect((await check(silent)).findings).toMatchObject([{ kind: 'look-ahead', subject: 'chart' }]);
});

test('so is one that is caught reading past the clock', async () => {
  const caught = replaced('risk', () => {
    throw new OrreryError('future-read', 'bar 201 of SYN-A is not known');
  });
  const { findings } = await check(caught);
  expect(findings).toMatchObject([
    { kind: 'look-ahead', subject: 'risk', at: isoTime(series.openTime[200]!) },
  ]);
});

test('a desk that warms up to the end says so', async () => {
  const short = markets.map((market) => ({ ...market, from: 10, to: 60 }));
  const { findings } = await checkDesk({ spec, prompts: shippedPrompts }, short);
  expect(findings).toMatchObject([{ kind: 'warm-up', at: isoTime(series.openTime[10]!) }]);
});
