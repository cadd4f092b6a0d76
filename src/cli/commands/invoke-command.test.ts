import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { invokeCommand } from './invoke-command.ts';

test('a command as it was given can be given again in a shell', () => {
  const options = {
    ...{ batch: 'in put.jsonl', out: "it's.jsonl", concurrency: '8', retryFailed: true, json: true },
    ...{ answer: ['gate=yes, please', 'other='], process: ['a.mjs'], set: ['llm.budget={a: $HOME}'] },
    ...{ save: false, color: true, fresh: true, config: '../orrery.yaml' },
  };
  const command = invokeCommand('review', options);
  const words = execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' });
  expect(words.trimEnd().split('\n')).toEqual([
    ...['orrery', 'invoke', 'review', '--batch', 'in put.jsonl', '--out', "it's.jsonl"],
    ...['--concurrency', '8', '--retry-failed', '--json', '--fresh', '--config', '../orrery.yaml'],
    ...['--set', 'llm.budget={a: $HOME}', '--answer', 'gate=yes, please', '--answer', 'other='],
    ...['--process', 'a.mjs', '--no-save'],
  ]);
  expect(invokeCommand('a', { save: true })).toBe('orrery invoke a');
});
