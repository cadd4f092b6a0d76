import { describe, expect, test } from 'vitest';
import { sampleOutcome } from '../../test/sample-ensemble-document.ts';
import { type AgentOutcome, planPhases } from '../ensemble/index.ts';
import { showAgents } from './agents-shown.ts';
import { displayWidth } from './terminal.ts';

const watched = { interactive: true, columns: 80, color: false, unicode: true, rows: 24 };

const review = planPhases([
  { name: 'reader', dependsOn: [] },
  { name: 'lint', dependsOn: [] },
  { name: 'judge-of-everything', dependsOn: ['reader', 'lint'] },
]);

/** Carries out what it is written, as far as these codes go. */
class FakeScreen {
  #lines: string[] = [''];
  written: string[] = [];

  write(text: string): void {
    this.written.push(text);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal is told.
    for (const [part, up] of text.matchAll(/\x1b\[(\d+)A|\x1b\[J|\x1b\[[\d;]*m|\r|\n|[^\x1b\r\n]+/g)) {
      if (up !== undefined) this.#lines = this.#lines.slice(0, this.#lines.length - Number(up));
      else if (part === '\n') this.#lines.push('');
      else if (part === '\x1b[J') this.#lines[this.#lines.length - 1] = '';
      else if (part !== '\r' && !part.startsWith('\x1b')) this.#lines[this.#lines.length - 1] += part;
    }
  }

  get text(): string {
    return this.#lines.join('\n');
  }
}

function start(terminal: Partial<typeof watched> = {}, plan = review) {
  const screen = new FakeScreen();
  const now = { ms: 1_000, terminal: { ...watched, ...terminal } };
  const shown = showAgents({
    ...{ prepared: { plan }, title: 'review', stream: screen },
    terminal: () => now.terminal,
    elapsedMs: () => now.ms,
  });
  const begin = (agent: string) => shown.watch({ kind: 'agent-started', agent });
  const end = (agent: string, outcome: Partial<AgentOutcome> = {}) =>
    shown.watch({ kind: 'agent-ended', agent, outcome: sampleOutcome(outcome) });
  return { screen, now, shown, begin, end };
}

const broken = { code: 'provider-failed', message: 'no\x1b[2Janswer\nat all', hint: null, retryable: true };
const failed = { status: 'failed', output: null, error: broken, source: null, costUsd: 0 } as const;

function playToTheEnd({ now, begin, end, shown }: ReturnType<typeof start>) {
  begin('reader');
  begin('lint');
  now.ms += 2_000;
  end('reader');
  end('lint', failed);
  begin('judge-of-everything');
  now.ms += 500;
  shown.redraw();
}

const lacking = {
  kind: 'script',
  source: 'script',
  details: {
    items: 2,
    failed: [{ index: 0, status: 'failed', code: 'agent-failed', message: 'ZeroDivisionError:\n1/0' }],
  },
} as const;

describe('agents on a terminal', () => {
  test('say what they went on without', () => {
    const { screen, end, shown } = start({ columns: 120 });
    end('reader', lacking);
    shown.end();
    expect(screen.text).toContain('✓ reader  ');
    expect(screen.text).toContain('1 of 2 items failed: #1 ZeroDivisionError: 1/0');
  });

  test('stand under their phases, with state, time and cost', () => {
    const place = start();
    playToTheEnd(place);
    expect(place.screen.text).toBe(`review  2/3  2.5 s  $0.0006
 1 ✓ reader               ok         1.2 s  $0.0006
   ✕ lint                 failed     1.2 s           no�[2Janswer at all
 2 ● judge-of-everything  working   500 ms
`);
    place.end('judge-of-everything', { source: 'rules', costUsd: 0 });
    place.shown.end();
    expect(place.screen.text).toBe(`review  3/3  2.5 s  $0.0006
 1 ✓ reader               ok         1.2 s  $0.0006
   ✕ lint                 failed     1.2 s           no�[2Janswer at all
 2 ✓ judge-of-everything  ok         1.2 s           by rules
`);
  });

  test.each([40, 80, 120])('are never wider than %i columns, whatever the locale', (columns) => {
    for (const unicode of [true, false]) {
      const place = start({ columns, unicode, color: true });
      playToTheEnd(place);
      for (const line of place.screen.text.split('\n')) expect(displayWidth(line)).toBeLessThan(columns);
    }
  });

  test('are cut in the end of their words where there is little room', () => {
    const place = start({ columns: 40 });
    playToTheEnd(place);
    expect(place.screen.text).toBe(`review  2/3  2.5 s  $0.0006
 1 ✓ reader  ok         1.2 s  $0.0006
   ✕ lint    failed     1.2 s         …
 2 ● judge…  working   500 ms
`);
  });

  test('are drawn again at most ten times a second, in their place', () => {
    const { screen, now, shown, begin } = start();
    begin('reader');
    for (let ms = 0; ms < 1_000; ms += 10) {
      now.ms++;
      shown.redraw();
    }
    expect(screen.written).toHaveLength(2);
    now.ms += 10_000;
    shown.redraw();
    expect(screen.text.split('\n')).toHaveLength(5);
    expect(screen.text).toContain('reader               working     10 s');
  });

  test('make room for a line, a question and a text', () => {
    const { screen, now, shown, begin } = start();
    begin('reader');
    const before = screen.text;
    shown.notice('alert: local is down');
    expect(screen.text).toBe(`alert: local is down\n${before}`);
    shown.hide();
    shown.hide();
    expect(screen.text).toBe('alert: local is down\n');
    now.ms += 1_000;
    shown.redraw();
    shown.notice('asked');
    expect(screen.text).toBe('alert: local is down\nasked\n');
    shown.show();
    expect(screen.text).toContain('asked\nreview  0/3');
    shown.end();
    expect(screen.text.split('\n')).toHaveLength(7);
  });

  test('that were wrapped by a narrower window are erased whole', () => {
    const { screen, now, shown, begin } = start();
    begin('reader');
    now.terminal = { ...now.terminal, columns: 20 };
    now.ms += 200;
    shown.redraw();
    // 17, 41, 34 and 34 columns wide: of 20 they take 1, 3, 2 and 2 rows.
    expect(screen.written.at(-1)?.startsWith('\r\x1b[8A\x1b[J')).toBe(true);
  });

  test('without number keep within the window, and show who works and who failed', () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `a${index}`);
    const plan = planPhases(names.map((name) => ({ name, dependsOn: [] })));
    const { screen, now, shown, begin, end } = start({ rows: 8 }, plan);
    begin('a500');
    end('a900', failed);
    end('a1', {});
    now.ms += 200;
    shown.redraw();
    expect(screen.text.split('\n')).toHaveLength(8);
    for (const words of ['a500  working', 'a900  failed', '… 995 more: 995 waiting']) {
      expect(screen.text).toContain(words);
    }
    shown.end();
    expect(screen.text.split('\n')).toHaveLength(61);
  });

  test('have no colour but what was asked for', () => {
    const plain = start();
    playToTheEnd(plain);
    expect(plain.screen.written.join('')).not.toMatch(/\[\d*m/);
    const colored = start({ color: true });
    playToTheEnd(colored);
    expect(colored.screen.written.join('')).toContain('\x1b[31m');
    expect(colored.screen.text).toBe(plain.screen.text);
  });
});

test('elsewhere agents that fail alike share a line', () => {
  const { screen, end, shown } = start({ interactive: false });
  const alike = { ...failed, costUsd: 0 };
  for (const name of ['reader', 'lint', 'judge-of-everything']) end(name, alike);
  shown.redraw();
  end('reader', alike);
  end('lint', { ...alike, error: { ...broken, message: 'else' } });
  end('lint', {});
  shown.end();
  expect(screen.written).toEqual([
    'reader, lint and judge-of-everything failed: no�[2Janswer at all\n',
    'reader failed 1.2 s: no�[2Janswer at all\n',
    'lint failed 1.2 s: else\n',
    'lint ok 1.2 s $0.0006\n',
  ]);
});

test('of many that failed alike a few are named', () => {
  const names = ['fast', 'slow', 'strength', 'trend', 'range'];
  const plan = planPhases(names.map((name) => ({ name, dependsOn: [] })));
  const { screen, end, shown } = start({ interactive: false }, plan);
  for (const name of names) end(name, { ...failed, error: { ...broken, message: 'no file' }, costUsd: 0 });
  shown.end();
  expect(screen.written).toEqual(['fast, slow, strength and 2 more failed: no file\n']);
});

test('elsewhere each agent has one plain line when it ends', () => {
  const { screen, begin, end, shown } = start({ interactive: false });
  begin('reader');
  shown.redraw();
  end('reader', { costUsd: 0.0012 });
  end('lint', failed);
  end('lint', { ...lacking, costUsd: 0 });
  end('judge-of-everything', {
    status: 'skipped',
    output: null,
    error: { ...broken, message: 'not now' },
    costUsd: 0,
  });
  shown.end();
  expect(screen.written).toEqual([
    'reader ok 1.2 s $0.0012\n',
    'lint failed 1.2 s: no�[2Janswer at all\n',
    'lint ok 1.2 s, 1 of 2 items failed: #1 ZeroDivisionError: 1/0\n',
    'judge-of-everything skipped: not now\n',
  ]);
});
