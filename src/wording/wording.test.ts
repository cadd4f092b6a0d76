import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleRunDocument } from '../../test/sample-run-document.ts';
import {
  axisLabel,
  byWhom,
  count,
  decidedBySentence,
  drawdown,
  duration,
  evidenceValue,
  fellBackParts,
  luckSentence,
  modelCostSentence,
  money,
  moneyChange,
  outcomeSentence,
  percent,
  percentChange,
  period,
  price,
  quantity,
  ratio,
  resultRows,
  tradingCostSentence,
  usd,
  utcTime,
  verdictSentence,
} from './index.ts';

describe('numbers', () => {
  test.each([
    [percent(4.123), '4.12 %'],
    [percent(0), '0.00 %'],
    [percent(132.44), '132.4 %'],
    [percent(99.999), '100.0 %'],
    [percentChange(4.123), '+4.12 %'],
    [percentChange(-6.31), '−6.31 %'],
    [percentChange(0.001), '0.00 %'],
    [percentChange(-0.001), '0.00 %'],
    [percentChange(1234.56), '+1,234.6 %'],
    [percentChange(null), '–'],
    [percentChange(2.4471335777777782e39), '+2.45e+39 %'],
    [percent(-1.234567e15), '−1.23e+15 %'],
    [percent(123456789.04), '123,456,789.0 %'],
    [money(1234567890123.456), '1,234,567,890,123.46'],
    [money(-1.0011e48), '−1.00e+48'],
    [count(1e30), '1.00e+30'],
    [drawdown(6.31), '−6.31 %'],
    [drawdown(0), '0.00 %'],
    [ratio(0.8149), '0.81'],
    [ratio(null), '–'],
    [ratio(Number.NaN), '–'],
    [ratio(Number.POSITIVE_INFINITY), '–'],
    [money(10412.3), '10,412.30'],
    [money(-1234567.891), '−1,234,567.89'],
    [money(0.0042), '0.0042'],
    [money(-0.00001234), '−0.000012'],
    [money(0), '0.00'],
    [money(1e-12), '< 0.00000001'],
    [moneyChange(18.2), '+18.20'],
    [moneyChange(-18.2), '−18.20'],
    [usd(0.47), '$0.47'],
    [usd(0.0042), '$0.0042'],
    [usd(0), '$0.00'],
    [price(46221.549), '46,221.55'],
    [price(101.2), '101.20'],
    [price(1.0834), '1.0834'],
    [price(0.00001234), '0.000012340'],
    [price(1e-18), '0.0000000000000000010000'],
    [price(null), '–'],
    [quantity(12), '12'],
    [quantity(0.0482), '0.0482'],
    [quantity(0.10732145), '0.107321'],
    [quantity(1234567.8), '1,234,568'],
    [axisLabel(10_200, 200), '10,200'],
    [axisLabel(0.3, 0.1), '0.3'],
    [axisLabel(92.5, 2.5), '92.5'],
    [axisLabel(1_250_000, 50_000), '1.25M'],
    [axisLabel(-2, 1), '−2'],
  ])('%s reads %s', (shown, wanted) => expect(shown).toBe(wanted));

  test('an amount that is not zero never reads as zero, and its sign is told by its text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }), (value) => {
        const shown = money(value);
        expect(/[1-9]/.test(shown)).toBe(value !== 0);
        expect(shown.includes('−')).toBe(value < 0);
        expect(shown).not.toMatch(/NaN|Infinity|e[+-]|-/);
      }),
    );
  });

  test('a price keeps its value to one part in twenty thousand', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: 1e-6, max: 1e6 }), (value) => {
        expect(Math.abs(Number(price(value).replaceAll(',', '')) / value - 1)).toBeLessThan(0.0006);
      }),
    );
  });
});

describe('times', () => {
  test.each([
    [utcTime(Date.UTC(2024, 2, 5, 14)), '2024-03-05 14:00 UTC'],
    [utcTime(Date.UTC(2024, 2, 5, 14, 0, 7)), '2024-03-05 14:00:07 UTC'],
    [period(Date.UTC(2024, 0, 1), Date.UTC(2024, 5, 29)), '2024-01-01 → 2024-06-29 UTC'],
    [period(Date.UTC(2024, 0, 1, 9, 30), Date.UTC(2024, 5, 29)), '2024-01-01 09:30 → 2024-06-29 UTC'],
    [duration(340), '340 ms'],
    [duration(2_100), '2.1 s'],
    [duration(49_400), '49 s'],
    [duration(125_000), '2 min 5 s'],
    [duration(3_600_000), '1 h'],
    [duration(52 * 3_600_000), '2 d 4 h'],
  ])('%s reads %s', (shown, wanted) => expect(shown).toBe(wanted));
});

describe('sentences about a result', () => {
  const document = sampleRunDocument();

  test('the verdict names return, holding, a synthetic market, and that little evidence is little', () => {
    expect(verdictSentence(document)).toBe(
      'Returned +4.12 % on a synthetic market. Holding returned +6.90 %. Insufficient evidence: 180 days are too few to tell it from luck (250 are needed).',
    );
    expect(verdictSentence({ ...document, synthetic: false })).not.toContain('synthetic');
  });

  test('an old run that was not tested against luck says so', () => {
    const { evidence: _, ...old } = document;
    expect(luckSentence(old)).toBe('Not tested against luck: the run is of a version that did not.');
  });

  test('who decided is counted, and a fall-back is said beside it', () => {
    expect(decidedBySentence(document)).toBe('Decided by: rules 4,320 of 4,320; no model was asked.');
    const failed = {
      ...document,
      sources: { ...document.sources, llm: 1_012, rules: 3_308 },
      fellBack: 3,
      llm: { ...document.llm, calls: 4_063 },
    };
    expect(decidedBySentence(failed)).toBe(
      'Decided by: llm 1,012 · rules 3,308 of 4,320; 3 fell back to rules because a model failed.',
    );
  });

  test('a stand-in is named beside the decisions it answered', () => {
    const share = (source: 'llm' | 'cache', standIn: 'backup' | 'fallback' | null, model: string) => ({
      ...{ source, standIn, model, decisions: 12 },
      rung: standIn === 'backup' ? ('backup' as const) : ('primary' as const),
    });
    const answered = {
      ...document,
      ...{ sources: { ...document.sources, llm: 36, cache: 12, rules: 0 }, decisions: 48 },
      llm: { ...document.llm, calls: 48 },
      answeredBy: [
        share('llm', null, 'claude/large'),
        share('llm', 'backup', 'local/qwen3:8b'),
        share('llm', 'fallback', 'spare/small'),
        share('cache', null, 'claude/large'),
      ],
    };
    expect(decidedBySentence(answered)).toBe(
      'Decided by: llm 36 (12 by the backup local/qwen3:8b, 12 by the fallback spare/small) · cache 12 of 48; none fell back to rules.',
    );
  });

  test('a spent budget is no failure of a model, and what failed is told by what it did', () => {
    const fellBackFor = {
      'budget-exceeded': 35,
      'provider-failed': 1,
      'provider-refused': 2,
      'answer-invalid': 3,
    };
    expect(fellBackParts({ fellBack: 41, fellBackFor })).toEqual([
      '6 fell back to rules because a model failed (2 × it would not answer, 3 × its answer could not be used)',
      '35 by rules because the budget was spent',
    ]);
    expect(fellBackParts({ fellBack: 0, fellBackFor: {} })).toEqual([]);
  });

  test('questions that were turned away are no calls', () => {
    const llm = { ...document.llm, calls: 1, turnedAway: 20, costUsd: 0.5 };
    expect(modelCostSentence({ ...document, llm })).toBe('$0.50 · 1 call · 0 from cache · 20 turned away');
  });

  test('costs are named with their rates, model costs never round to nothing', () => {
    expect(tradingCostSentence(document)).toContain(
      'fee of 0.1 % of its value, half of a spread of 0.02 % and no slippage',
    );
    expect(tradingCostSentence(document)).toContain('Fees came to 68.40, 0.68 % of the starting capital');
    const llm = { ...document.llm, calls: 1, costUsd: 0.0003 };
    expect(modelCostSentence({ ...document, llm })).toBe('$0.0003 · 1 call · 0 from cache');
    const cached = { ...document, llm: { ...document.llm, cacheHits: 2 } };
    expect(modelCostSentence(cached)).toBe('$0.00 · 0 calls · 2 from cache');
    expect(modelCostSentence({ ...cached, replayOf: 'a' })).toMatch(/^\$0\.00 · 2 answers from recordings/);
  });

  test('a sharpe of a few days says of how many', () => {
    const short = { ...document, metrics: { ...document.metrics, sharpe: -627.88, days: 2 } };
    const row = resultRows(short).find(({ label }) => label === 'sharpe');
    expect(row?.reason).toBe('over 2 days only, which says little');
  });

  test('an undefined figure has a reason, a defined one has none', () => {
    const rows = resultRows(document);
    expect(rows.find((row) => row.label === 'cagr')).toMatchObject({ run: '–', reason: 'under a year' });
    for (const row of rows) expect(row.reason === null).toBe(row.run !== '–');
  });

  test('of an account that fell to nothing or below no other reason is given', () => {
    const { metrics } = document;
    const daily = { volatilityPct: null, sharpe: null, sortino: null };
    const ruin = { ...metrics, ...daily, returnPct: -100, turnover: null, days: 400 };
    const rows = resultRows(sampleRunDocument({ metrics: ruin }));
    const reasons = rows.filter(({ run }) => run === '–').map(({ label, reason }) => `${label}: ${reason}`);
    expect(reasons).toEqual(
      ['sharpe', 'cagr', 'volatility', 'sortino', 'calmar', 'turnover'].map(
        (label) => `${label}: no equity was left`,
      ),
    );
    // It came back: growth over the year is defined, daily returns are not.
    const back = { ...metrics, ...daily, cagrPct: 3, calmar: 0.1, days: 400 };
    const [, , sharpe] = resultRows(sampleRunDocument({ metrics: back }));
    expect(sharpe).toMatchObject({ label: 'sharpe', run: '–', reason: 'no equity was left' });
  });
});

describe('sentences about a record', () => {
  test.each([
    ['decision', 'closed at 98.90'],
    ['stop', 'stopped out at 98.90'],
    ['liquidation', 'liquidated at 98.90'],
  ] as const)('what closed a position is said: %s', (exitBy, words) => {
    const at = Date.UTC(2024, 2, 5, 14);
    const outcome = { status: 'closed', filledAt: at, price: 101, fee: 1, closedAt: at, exit: 98.9 } as const;
    expect(outcomeSentence({ ...outcome, exitBy, pnl: -3, returnPct: -3, reason: null })).toContain(
      `→ ${words} on 2024`,
    );
  });

  const evidence = { id: 'e1', name: 'ema-50', value: 101.2, eventAt: 0, knownAt: 0 };

  test('evidence shows the stored value in its unit, and a missing one is not 0', () => {
    expect(evidenceValue({ ...evidence, unit: 'USDT' })).toBe('101.20 USDT');
    expect(evidenceValue({ ...evidence, unit: '%' })).toBe('101.2 %');
    expect(evidenceValue({ ...evidence, unit: '' })).toBe('101.2');
    expect(evidenceValue({ ...evidence, value: null, unit: 'score' })).toBe('–');
  });

  test('by whom names the rung only where it says more than the source', () => {
    const base = { source: 'llm', rung: 'primary', fellBack: false, inputs: {} } as const;
    const record = (changes: object) => ({ ...base, ...changes }) as Parameters<typeof byWhom>[0];
    expect(byWhom(record({}))).toBe('by llm, rung primary');
    expect(byWhom(record({ source: 'rules', rung: 'rules' }))).toBe('by rules');
    const failures = (code: string) => ({ inputs: { failures: [{ model: 'a/b', code, message: 'm' }] } });
    for (const [code, why] of [
      ['budget-exceeded', 'the budget was spent'],
      ['provider-refused', 'the model would not answer'],
      ['answer-invalid', "the model's answer could not be used"],
    ] as const) {
      const fallen = record({ source: 'rules', rung: 'rules', fellBack: true, ...failures(code) });
      expect(byWhom(fallen)).toBe(`by rules: fell back, ${why}`);
    }
    expect(byWhom(record({ source: 'rules', rung: 'rules', fellBack: true }))).toBe(
      'by rules: fell back, the model failed',
    );
  });
});
