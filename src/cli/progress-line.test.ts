import { describe, expect, test } from 'vitest';
import { createProgressLine } from './progress-line.ts';
import type { Terminal } from './terminal.ts';

const watched: Terminal = { interactive: true, columns: 80, color: false, unicode: true };
const plain: Terminal = { ...watched, interactive: false };

function start(terminal: Terminal) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const line = createProgressLine({
    stream: { write: (text: string) => written.push(text) },
    terminal,
    unit: 'bars',
    elapsedMs: () => clock.ms,
  });
  const at = (ms: number, done: number, rest: { costUsd?: number; failures?: number } = {}) => {
    clock.ms = ms;
    line.update({ done, total: 4_320, costUsd: 0, failures: 0, ...rest });
  };
  return { line, written, at };
}

describe('on a terminal', () => {
  test('one line is redrawn at most ten times a second, with a rate only after three', () => {
    const { written, at } = start(watched);
    for (let ms = 0; ms <= 1_000; ms += 10) at(ms, ms);
    expect(written).toHaveLength(11);
    expect(written.join('')).not.toContain('bars/s');
    expect(written.join('')).not.toContain('\n');
    at(5_000, 2_310, { costUsd: 0.25, failures: 3 });
    expect(written.at(-1)).toBe(
      '\r\x1b[K▕████████████           ▏ 2,310/4,320  53 %  462 bars/s  4.4 s left  $0.25  ✕ 3',
    );
  });

  test('a notice stands above the line and does not tear it; the end leaves nothing', () => {
    const { line, written, at } = start(watched);
    at(0, 432);
    const drawn = written[0]!.slice('\r\x1b[K'.length);
    line.notice('provider local is down');
    expect(written[1]).toBe(`\r\x1b[Kprovider local is down\n${drawn}`);
    line.end();
    expect(written[2]).toBe('\r\x1b[K');
  });

  test('never wraps', () => {
    const { written, at } = start({ ...watched, columns: 30 });
    at(0, 0);
    at(5_000, 2_310, { costUsd: 0.25, failures: 3 });
    for (const text of written) expect(text.length - '\r\x1b[K'.length).toBeLessThan(30);
  });

  test('a resumed run does not count what was done before', () => {
    const { written, at } = start(watched);
    at(0, 4_000);
    at(4_000, 4_040);
    expect(written.at(-1)).toContain('10 bars/s');
  });
});

describe('in a pipe', () => {
  test('a plain line each tenth, without cursor codes', () => {
    const { line, written, at } = start(plain);
    for (let done = 0; done <= 4_320; done += 1) at(done, done);
    line.end();
    expect(written).toHaveLength(10);
    expect(written[0]).toBe('432/4,320 bars  10 %\n');
    expect(written.join('')).not.toContain('\x1b');
    expect(written.join('')).not.toContain('\r');
  });

  test('or each half minute when it is slow', () => {
    const { written, at } = start(plain);
    for (let ms = 0; ms <= 90_000; ms += 1_000) at(ms, ms / 1_000);
    expect(written).toEqual([
      '30/4,320 bars  0 %  1.0 bars/s  1 h 11 min left\n',
      '60/4,320 bars  1 %  1.0 bars/s  1 h 11 min left\n',
      '90/4,320 bars  2 %  1.0 bars/s  1 h 10 min left\n',
    ]);
  });
});
