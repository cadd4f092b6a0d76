import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askOnTerminal } from './ask-on-terminal.ts';

function sit() {
  const stdin = new PassThrough();
  const log: string[] = [];
  const ask = askOnTerminal({
    ...{ stdin, write: (text: string) => log.push(text) },
    ...{ hide: () => log.push('(hide)'), show: () => log.push('(show)') },
  });
  const until = async (words: string) => {
    while (!log.join('').endsWith(words)) await new Promise((resolve) => setImmediate(resolve));
  };
  const type = async (line: string) => {
    await until('> ');
    log.push(line);
    stdin.write(`${line}\n`);
  };
  return { stdin, log, ask, type, until };
}

const calm = () => ({ choices: null, signal: new AbortController().signal, agent: 'why' });

test('one question at a time, in their order, and nothing is drawn over them', async () => {
  const { log, ask, type } = sit();
  const first = ask('Ship \x1b[2Jit?', { ...calm(), agent: 'approve', choices: ['yes', 'no', '1'] });
  const second = ask('Why?', calm());
  for (const line of ['maybe', '0', ' 2 ']) await type(line);
  expect(await first).toBe('no');
  await type('');
  await type('it is done');
  expect(await second).toBe('it is done');
  const again = 'Type one of them, or its number from 1 to 3.\n> ';
  expect(log.join('')).toBe(
    `(hide)approve asks: Ship \ufffd[2Jit?\n  1 yes\n  2 no\n  3 1\n> maybe${again}0${again} 2 (show)(hide)why asks: Why?\n> > it is done(show)`,
  );
});

test('who is cancelled asks no more, and the next is asked', async () => {
  const { stdin, ask, type, until } = sit();
  const stop = new AbortController();
  const cancelled = ask('First?', { ...calm(), signal: stop.signal });
  const next = ask('Second?', calm());
  await until('> ');
  stop.abort(new Error('enough'));
  await expect(cancelled).rejects.toThrow('enough');
  await until('Second?\n> ');
  await type('here');
  expect(await next).toBe('here');
  const last = ask('Third?', calm());
  await until('Third?\n> ');
  stdin.end();
  await expect(last).rejects.toMatchObject({
    code: 'agent-failed',
    message: expect.stringContaining('nobody'),
  });
});
