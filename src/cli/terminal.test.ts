import { describe, expect, test } from 'vitest';
import {
  cut,
  describeTerminal,
  displayWidth,
  forTerminal,
  harmless,
  oneLine,
  padStart,
  paint,
  wrap,
} from './terminal.ts';

const tty = { isTTY: true, columns: 100 };
const pipe = {};
const asked = { noColor: false };

describe('what a stream can show', () => {
  test('--no-color beats NO_COLOR beats FORCE_COLOR beats the terminal', () => {
    const color = (stream: object, environment: Record<string, string>, noColor = false) =>
      describeTerminal(stream, environment, { noColor }).color;
    expect(color(tty, {})).toBe(true);
    expect(color(pipe, {})).toBe(false);
    expect(color(tty, { TERM: 'dumb' })).toBe(false);
    expect(color(pipe, { FORCE_COLOR: '1' })).toBe(true);
    expect(color(tty, { FORCE_COLOR: '0' })).toBe(false);
    expect(color(pipe, { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
    expect(color(tty, { NO_COLOR: '' })).toBe(true);
    expect(color(pipe, { FORCE_COLOR: '1' }, true)).toBe(false);
  });

  test('CI and pipes are not watched by a person', () => {
    expect(describeTerminal(tty, {}, asked)).toMatchObject({ interactive: true, columns: 100 });
    expect(describeTerminal(tty, { CI: 'true' }, asked).interactive).toBe(false);
    expect(describeTerminal(pipe, {}, asked)).toMatchObject({ interactive: false, columns: 80 });
    expect(describeTerminal({ isTTY: true, columns: 0 }, {}, asked).columns).toBe(80);
  });

  test('a locale that names another encoding gets ASCII', () => {
    const shown = (environment: Record<string, string>) =>
      forTerminal(describeTerminal(tty, environment, asked), '▲ BUY −1.20 % → ✕');
    expect(shown({ LANG: 'en_US.UTF-8' })).toBe('▲ BUY −1.20 % → ✕');
    expect(shown({})).toBe('▲ BUY −1.20 % → ✕');
    expect(shown({ LANG: 'C' })).toBe('^ BUY -1.20 % -> x');
    expect(shown({ LANG: 'en_US.UTF-8', LC_ALL: 'de_DE.ISO-8859-1' })).toBe('^ BUY -1.20 % -> x');
  });

  test('long is blue, short is yellow, failed is red, flat is plain', () => {
    const terminal = describeTerminal(tty, {}, asked);
    expect(paint(terminal, 'long', 'x')).toBe('\x1b[34mx\x1b[0m');
    expect(paint(terminal, 'short', 'x')).toBe('\x1b[33mx\x1b[0m');
    expect(paint(terminal, 'failed', 'x')).toBe('\x1b[31mx\x1b[0m');
    expect(paint(terminal, 'flat', 'x')).toBe('x');
  });
});

describe('text', () => {
  test('from outside cannot repaint the screen', () => {
    expect(harmless('a\x1b[2Jb\u202ec\r\nd')).toBe('a�[2Jb�c\nd');
    expect(oneLine(' a\n\tb\x07 ')).toBe('a b�');
  });

  test('is measured in columns, not characters', () => {
    expect(displayWidth('\x1b[34m▲ 買い\x1b[0m')).toBe(6);
    expect(padStart('買', 4)).toBe('  買');
    expect(cut('買い注文', 5)).toBe('買い…');
  });

  test('breaks at spaces, keeps spacing, and never parts a number from its %', () => {
    expect(wrap('it returned 4.12 % in all', 16)).toEqual(['it returned', '4.12 % in all']);
    expect(wrap('a  b', 10)).toEqual(['a  b']);
    expect(wrap('one\n\ntwo', 10)).toEqual(['one', '', 'two']);
  });
});
