import { describe, expect, test } from 'vitest';
import { sampleReportData } from '../../test/sample-report-data.ts';
import {
  decidedBySentence,
  gapSentence,
  glossary,
  money,
  percentChange,
  price,
  resultRows,
  tradingCostSentence,
} from '../wording/index.ts';
import { liveScript } from './live-script.ts';
import { renderReport } from './render-report.ts';
import type { ReportData, ReportDecision } from './report-data.ts';

const finished = sampleReportData({ bars: 1_200 });
const page = renderReport(finished, { live: false });

/** What a reader sees: tags gone, entities back, spacing even. */
function textOf(html: string): string {
  return html
    .replace(/<(style|script|head)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .replace(/ ([.,;:])/g, '$1');
}

function policyOf(html: string): string | undefined {
  return /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
}

/** Tags that are opened and never closed, or closed and never opened. */
function unbalanced(html: string): readonly string[] {
  const body = html.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '');
  const single = new Set(['meta', '!doctype']);
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, slash, name, , selfClosed] of body.matchAll(
    /<(\/?)([a-z0-9!]+)((?:"[^"]*"|[^">])*?)(\/?)>/g,
  )) {
    if (single.has(name!) || selfClosed === '/') continue;
    if (slash !== '/') open.push(name!);
    else if (open.at(-1) === name) open.pop();
    else wrong.push(name!);
  }
  return [...wrong, ...open];
}

describe('a finished report', () => {
  test('is one file that refers to nothing outside itself and runs no script', () => {
    expect(page.match(/https?:|src=|url\(|@import|<link|<script|<iframe|<form| on\w+="/gi)).toBeNull();
    expect(policyOf(page)).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    );
    for (const [, target] of page.matchAll(/href="([^"]*)"/g)) expect(target).toMatch(/^#\w+$/);
  });

  test('is well formed, and every link in it leads somewhere', () => {
    expect(unbalanced(page)).toEqual([]);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
  });

  test('puts the blocks in the order in which people ask', () => {
    const order = [...page.matchAll(/<section id="(\w+)"/g)].map(([, id]) => id);
    expect(order).toEqual([
      'verdict',
      'run',
      'costs',
      'equity',
      'price',
      'trades',
      'decisions',
      'trouble',
      'metrics',
      'words',
    ]);
  });

  test('says the same figures in the same words as everywhere else', () => {
    const text = textOf(page);
    const document = finished.document!;
    expect(text).toContain(`Returned ${percentChange(document.metrics.returnPct)} on a synthetic market`);
    expect(text).toContain(decidedBySentence(document));
    expect(text).toContain(tradingCostSentence(document));
    expect(text).toContain(gapSentence);
    expect(text).toContain(document.hash);
    expect(text).toContain(`orrery run --replay ${document.run}`);
    for (const row of resultRows(document)) {
      expect(text).toContain(
        [row.label, row.meaning, row.run, row.reason, row.hold, row.matched]
          .filter((cell) => cell !== null)
          .join(' '),
      );
    }
    for (const { word } of glossary) expect(text).toContain(word);
  });

  test('puts what makes the figures doubtful right under the verdict, as text', () => {
    const notes = ['<b> looks split on 2020-08-31'];
    const noted = renderReport({ ...finished, document: { ...finished.document!, notes } }, { live: false });
    expect(textOf(noted)).toContain('Note: <b> looks split on 2020-08-31.');
    expect(noted.indexOf('class="notes"')).toBeLessThan(noted.indexOf('class="who"'));
    expect(page).not.toContain('class="notes"');
  });

  test('shows every trade with its result, linked to its mark and to the decision behind it', () => {
    expect(finished.trades.length).toBeGreaterThan(3);
    finished.trades.forEach((trade, index) => {
      const row = page.slice(page.indexOf(`<tr id="t${index + 1}"`)).split('</tr>')[0]!;
      expect(textOf(row)).toContain(money(Math.abs(trade.pnl)));
      expect(row).toContain(price(trade.exit));
      expect(row).toContain(`href="#e${index + 1}"`);
      expect(page).toContain(` id="e${index + 1}"`);
    });
    expect(page).toMatch(/<tr id="t1">.*?href="#d\d+"/);
  });

  test('says of a trade that its stop closed it', () => {
    const [first, ...rest] = finished.trades;
    const stopped = { ...first!, closedBy: `${first!.openedBy}.stop`, closedAt: first!.openedAt };
    const shown = renderReport({ ...finished, trades: [stopped, ...rest] }, { live: false });
    const row = shown.slice(shown.indexOf('<tr id="t1"')).split('</tr>')[0]!;
    expect(textOf(row)).toMatch(/stopped out .*< 1 bar/);
    expect(shown).toContain(`title="#1 stopped out at ${price(first!.exit)}`);
    expect(shown).toContain('stopped out <a href="#t1">trade 1</a>');
  });

  test('opens a decision to voices, cited numbers as stored, what was missing and what the guard said', () => {
    const traded = finished.decisions.find(
      ({ decision }) => decision.action === 'SELL' && decision.order?.status === 'approved',
    )!;
    const shown = textOf(page.slice(page.indexOf(`id="r${traded.decision.number}"`)).split('</details>')[0]!);
    expect(shown).toContain(traded.decision.reasoning);
    expect(shown).toContain(
      `ema-9 ${price(traded.decision.evidence[0]!.value)} USD [${traded.decision.agent}.e1]`,
    );
    expect(shown).toMatch(/For technical ▼ SHORT/);
    expect(shown).toContain('risk ✓ approved for');
    expect(shown).toContain('order-book (not configured) · posts (stale)');
    expect(shown).toContain('Guard passed: SELL');
  });

  test('stays small', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(350_000);
  });
});

describe('what is not there is said', () => {
  test('a run without trades has sentences instead of empty tables', () => {
    const text = textOf(renderReport(sampleReportData({ bars: 60, idle: true }), { live: false }));
    expect(text).toContain('No trade was closed.');
    expect(text).toContain('No order was refused.');
    expect(text).toContain('no trade was closed, so there is nothing to judge');
  });

  test('before the first bar the page can be drawn and says so', () => {
    const empty: ReportData = {
      ...sampleReportData({ bars: 1, running: true }),
      progress: null,
      equity: [],
      baselines: [],
      candles: [],
      decisions: [],
      decisionCount: 0,
    };
    const html = renderReport(empty, { live: true });
    const text = textOf(html);
    expect(unbalanced(html.replace('<noscript>', '').replace('</noscript>', ''))).toEqual([]);
    expect(text).toContain('No bar has been played yet.');
    expect(text).toContain('No candle yet.');
    expect(text).toContain('No decision yet.');
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('evidence that is cited and not stored is called that, and a missing value is not a number', () => {
    const [first] = finished.decisions;
    const decision = {
      ...first!.decision,
      keyFactors: [
        { text: 'made up', evidence: ['e77'] },
        { text: 'no volume', evidence: ['e8'] },
      ],
      evidence: [{ id: 'e8', name: 'volume', value: null, unit: '', eventAt: 0, knownAt: 0 }],
    };
    const text = textOf(
      renderReport({ ...finished, decisions: [{ decision, voices: [] }] }, { live: false }),
    );
    expect(text).toContain('made up [chief.e77] not stored');
    expect(text).toContain('no volume volume – [chief.e8]');
  });
});

describe('while the run goes on', () => {
  const running = sampleReportData({ bars: 300, running: true });
  const live = renderReport(running, { live: true });

  test('shows progress and what happened so far, and only then may a script run', () => {
    expect(textOf(live)).toContain('Running on a synthetic market: 300 of 600 bars. So far');
    expect(live.includes(`<script>${liveScript}</script>`)).toBe(true);
    expect(policyOf(live)).toMatch(/script-src 'sha256-[\w+/=]{44}'; connect-src 'self'$/);
    expect(live.includes('<noscript><meta http-equiv="refresh" content="5"></noscript>')).toBe(true);
    expect(Buffer.byteLength(liveScript)).toBeLessThan(10_000);
  });

  test('a file, or a page of a run that is over, is not live', () => {
    for (const html of [renderReport(running, { live: false }), renderReport(finished, { live: true })]) {
      expect(html.match(/<script|http-equiv="refresh"/)).toBeNull();
    }
  });
});

describe('text from outside', () => {
  const attack = `<script>alert(1)</script><img src=x onerror=alert(2)>"'><svg/onload=alert(3)>\u202e\u0000&lt;`;

  test('is text wherever it stands', () => {
    const [first] = finished.decisions;
    const poison = (item: ReportDecision): ReportDecision => ({
      decision: {
        ...item.decision,
        agent: attack,
        reasoning: attack,
        keyFactors: [{ text: attack, evidence: ['e1', attack] }],
        evidence: [{ id: 'e1', name: attack, value: 1, unit: attack, eventAt: 0, knownAt: 0 }],
        missing: [{ name: attack, reason: 'failed' }],
        inputs: { [attack]: [{ headline: attack }] },
      },
      voices: item.voices.map((voice) => ({
        ...voice,
        agent: `${attack}${voice.kind}`,
        reasoning: attack,
        inputs: { news: attack },
      })),
    });
    const html = renderReport(
      {
        ...finished,
        title: attack,
        deskText: attack,
        version: attack,
        alerts: [attack],
        decisions: [poison(first!)],
        orders: finished.orders.map((order) => ({ ...order, status: 'refused', reason: attack })),
        candles: finished.candles.map((series) => ({ ...series, symbol: attack })),
        trades: finished.trades.map((trade) => ({ ...trade, instrument: attack })),
      },
      { live: false },
    );
    expect(html.match(/&lt;script&gt;alert\(1\)/g)?.length).toBeGreaterThan(10);
    expect(html.match(/<script|<img|<svg\/|[\u202e\p{Cc}](?<!\n)/u)).toBeNull();
    expect(unbalanced(html)).toEqual([]);
  });

  test('and a very long run, with very long texts, keep the page under 1.5 MB and say what was cut', () => {
    const long = '"<&>𝄞'.repeat(4_000);
    const item = finished.decisions[0]!;
    const decisions = Array.from(
      { length: 60_000 },
      (_, index): ReportDecision => ({
        decision: {
          ...item.decision,
          number: index + 1,
          action: index % 2 === 0 ? 'BUY' : 'HOLD',
          reasoning: long,
          keyFactors: Array.from({ length: 50 }, () => ({ text: long, evidence: ['e1'] })),
        },
        voices: item.voices,
      }),
    );
    const html = renderReport(
      {
        ...finished,
        title: long,
        deskText: long,
        decisions,
        decisionCount: 60_000,
        trades: Array.from({ length: 20_000 }, (_, index) => ({ ...finished.trades[0]!, pnl: index })),
        orders: Array.from({ length: 20_000 }, (_, index) => ({
          ...finished.orders[0]!,
          id: `o${index}`,
          status: 'refused',
          reason: long,
        })),
        candles: Array.from({ length: 60 }, (_, index) => ({ ...finished.candles[0]!, symbol: `S${index}` })),
        alerts: Array.from({ length: 500 }, (_, index) => `${index} ${long}`),
      },
      { live: false },
    );
    expect(Buffer.byteLength(html)).toBeLessThan(1_500_000);
    const text = textOf(html);
    expect(text).toMatch(/Shown: \d+ of 60,000 decisions/);
    expect(text).toMatch(/Shown: \d+ of 20,000 trades/);
    expect(text).toMatch(/\d+ more instruments are not drawn/);
    expect(text).toMatch(/more characters/);
  });
});
