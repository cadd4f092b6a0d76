import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { candleCsv, walkingCandles } from './candle-csv.ts';
import { dataCheck, doctorDocument, runDocument } from './documents.ts';
import { openWorkplace } from './workplace.ts';

describe('a newcomer', () => {
  test('plays the demo once, without keys or network, and the same market every time', async () => {
    const place = openWorkplace(
      { HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' },
      'each',
    );
    const document = await place.json(runDocument, 'demo', '--once');
    expect(document.decisions).toBeGreaterThan(1_000);
    expect(document.sources.rules).toBe(document.decisions);
    expect(document.instruments.length).toBeGreaterThan(1);
    expect(document.instruments.map(({ file }) => file)).toEqual(document.instruments.map(() => null));
    const page = readFileSync(document.report, 'utf8');
    expect(page).toMatch(/synthetic/i);
    expect(page).not.toMatch(/(?:src|href)="https?:/);
    const replayed = await place.json(runDocument, 'run', '--replay', document.run);
    expect(replayed.hash).toBe(document.hash);
  });

  test('watches the demo in a browser until Ctrl-C', async () => {
    const place = openWorkplace();
    const demo = place.begin('demo', '--port', '0');
    await demo.says(/^report at http:\/\/127\.0\.0\.1:\d+\/$/m);
    const [, url = ''] = /^report at (.*)$/m.exec(demo.stderr()) ?? [];
    await demo.says(/^run r_\w+$/m);
    const page = await fetch(url);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('Orrery');
    demo.signal('SIGINT');
    expect(await demo.ended).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('orrery run --resume r_'),
    });
  });

  test('begins a project, which is never overwritten, runs its desk, and asks the doctor', async () => {
    const place = openWorkplace();
    const written = z.object({ folder: z.string(), written: z.array(z.string()), kept: z.array(z.string()) });
    const files = ['orrery.yaml', join('desks', 'my-desk.yaml'), '.env.example'];
    expect(await place.json(written, 'init')).toMatchObject({ written: files, kept: [] });
    const mine = place.write('orrery.yaml', '# mine\nllm: {}\n');
    expect(await place.json(written, 'init')).toMatchObject({ written: [], kept: files });
    expect(readFileSync(mine, 'utf8')).toBe('# mine\nllm: {}\n');
    const desks = z.array(z.object({ name: z.string(), file: z.string() }));
    const names = (await place.json(desks, 'desks', 'list')).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['my-desk', 'solar']));
    const document = await place.json(runDocument, 'run', 'my-desk', '--to', '2024-01-12');
    expect(document).toMatchObject({ desk: 'my-desk', decisions: 14 });
    const { ok, checks } = await place.json(doctorDocument, 'doctor');
    expect(ok).toBe(true);
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['node', 'database', 'desk my-desk']),
    );
    place.write('orrery.yaml', 'llm: { profile: {} }\n');
    const sick = await place.run('doctor', '--json');
    expect(sick.exitCode).toBe(1);
    const found = doctorDocument.parse(JSON.parse(sick.stdout));
    expect(found.checks.filter((check) => !check.ok)).toMatchObject([{ hint: expect.any(String) }]);
  });
});

describe('data check', () => {
  const rows = walkingCandles({ seed: 1, bars: 40 });

  test('says what a clean file holds', async () => {
    const place = openWorkplace();
    const file = place.write('ABC_1h.csv', candleCsv(rows));
    expect(await place.json(dataCheck, 'data', 'check', file)).toMatchObject({
      rows: 40,
      from: '2024-01-01T00:00:00.000Z',
      to: '2024-01-02T15:00:00.000Z',
      intervalMs: 3_600_000,
      format: 'csv',
      problems: [],
      ok: true,
    });
  });

  test('needs no symbol', async () => {
    const place = openWorkplace();
    const file = place.write('(copy) of ABC.csv', candleCsv(rows));
    expect(await place.json(dataCheck, 'data', 'check', file)).toMatchObject({ rows: 40, ok: true });
  });

  test('names every problem of a dirty one with its line, and ends with 1', async () => {
    const place = openWorkplace();
    const dirty = rows
      .map((row, index) => {
        if (index === 9) return { ...row, high: row.low - 1 };
        if (index === 19) return { ...row, time: rows[18]!.time };
        if (index === 29) return { ...row, volume: 0 };
        return row;
      })
      .filter((_, index) => index !== 34);
    const checked = await place.run('data', 'check', place.write('ABC_1h.csv', candleCsv(dirty)), '--json');
    expect(checked.exitCode).toBe(1);
    const { ok, problems } = dataCheck.parse(JSON.parse(checked.stdout));
    expect(ok).toBe(false);
    const found = problems.map(({ kind, line }) => `${kind} ${line}`);
    for (const problem of ['high-below-low 11', 'duplicate 21', 'zero-volume 31', 'hole 36']) {
      expect(found).toContain(problem);
    }
  });
});

test('every command explains itself with an example', async () => {
  const place = openWorkplace();
  const helpOf = async (words: readonly string[]) => {
    const { exitCode, stdout } = await place.run(...words, '--help');
    expect(exitCode).toBe(0);
    return stdout;
  };
  /** The commands in a help page, each on a line of its own: two spaces, its name, its arguments. */
  const commandsIn = (page: string) => {
    const lines = page.split('\n').filter((line) => /^ {2}[a-z]+ .*\S/.test(line) && !line.startsWith('  $'));
    return lines.map((line) => line.trim().split(' ')[0] ?? '');
  };
  const explained: string[] = [];
  const visit = async (words: readonly string[]): Promise<void> => {
    const page = await helpOf(words);
    const isGroup = /^Usage: .*\bcommand\b/im.test(page);
    if (isGroup) for (const name of commandsIn(page)) await visit([...words, name]);
    else {
      expect(page).toMatch(new RegExp(`^ {2}\\$ orrery ${words.join(' ')}\\b`, 'm'));
      explained.push(words.join(' '));
    }
  };
  await visit([]);
  const expected = ['demo', 'init', 'run', 'runs list', 'decisions list', 'decisions show', 'orders list'];
  expected.push('fills list', 'trades list', 'equity list', 'desks list', 'data check', 'doctor');
  expected.push('data import', 'data list');
  expect(explained).toEqual(expect.arrayContaining(expected));
});
