import { expect, test } from 'vitest';
import { streamText } from './streamed-text.ts';

function stream(...pieces: readonly string[]) {
  const written: string[] = [];
  const text = streamText((part) => written.push(part));
  for (const piece of pieces) text.add(piece);
  return { whole: text.end(), written: written.join('') };
}

test('a text is written as it comes, harmless, and its line is ended', () => {
  expect(stream('Good ', 'code.')).toEqual({ whole: 'Good code.', written: 'Good code.\n' });
  expect(stream('a\n')).toEqual({ whole: 'a\n', written: 'a\n' });
  expect(stream('\x1b[2J')).toEqual({ whole: '\x1b[2J', written: '\ufffd[2J\n' });
  expect(stream()).toEqual({ whole: '', written: '' });
});

test('what stands in two pieces is one', () => {
  expect(stream('a\r', '\nb').written).toBe('a\nb\n');
  expect(stream('\ud83d', '\ude80').written).toBe('🚀\n');
  expect(stream('end\r').written).toBe('end\n');
});
