import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { candleCsv, walkingCandles } from './candle-csv.ts';
import { runDocument } from './documents.ts';
import { openWorkplace } from './workplace.ts';

const place = openWorkplace();
const data = place.write('ABC_1h.csv', candleCsv(walkingCandles({ seed: 5, bars: 60 })));
const run = ['run', 'solar', '--data', data, '--json'];

describe('a run nobody listens to any more goes on to its end', () => {
  test('stderr is closed by its reader', async () => {
    const kept = place.write('kept.json', '');
    await place.runInShell(`2>&1 >"${kept}" | head -1`, ...run);
    expect(runDocument.parse(JSON.parse(readFileSync(kept, 'utf8'))).decisions).toBe(60);
  });

  test.skipIf(!existsSync('/dev/full'))('stderr is full', async () => {
    const { exitCode, stdout } = await place.runInShell('2>/dev/full', ...run);
    expect(exitCode).toBe(0);
    expect(runDocument.parse(JSON.parse(stdout)).decisions).toBe(60);
  });
});

describe('results that cannot be written', () => {
  test.skipIf(!existsSync('/dev/full'))('end in a plain line', async () => {
    for (const words of [[...run, '--id', 'full'], ['runs', 'list'], ['--help']]) {
      const { exitCode, stderr } = await place.runInShell('>/dev/full', ...words);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^error: stdout cannot be written: .*no space left.*\n$/m);
      expect(stderr).not.toMatch(/^ +at /m);
    }
    // It is kept nevertheless.
    expect((await place.json(runDocument, 'run', '--resume', 'full')).run).toBe('full');
  });

  test('are no fault when their reader has seen enough', async () => {
    const { stdout, stderr } = await place.runInShell(
      '| head -c 10',
      'decisions',
      'list',
      '--run',
      'full',
      '--json',
    );
    expect(stdout).toHaveLength(10);
    expect(stderr).toBe('');
  });
});
