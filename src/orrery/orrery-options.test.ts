import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OrreryError } from '../core/index.ts';
import { createOrrery } from './create-orrery.ts';
import type { OrreryOptions } from './orrery-options.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'orrery-options-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('what is left out', () => {
  test('is as where the command is given', () => {
    const { configuration } = createOrrery();
    expect(configuration.home).toBe(process.env['ORRERY_HOME'] ?? join(process.cwd(), '.orrery'));
    expect(createOrrery({}).version).toMatch(/^\d/);
  });

  test('may be written as undefined too, and a folder as a relative path', () => {
    const orrery = createOrrery({ cwd: 'test', environment: {}, notices: undefined, configFile: undefined });
    expect(orrery.configuration.home).toBe(join(process.cwd(), 'test', '.orrery'));
  });

  test('notices become lines on stderr, each note once', async () => {
    const written: string[] = [];
    const spy = vi
      .spyOn(process.stderr, 'write')
      .mockImplementation((line) => written.push(String(line)) > 0);
    try {
      const { noticesOnStderr } = await import('./notices-on-stderr.ts');
      const notices = noticesOnStderr();
      notices.warn('a \u001b[31mdesk');
      notices.warn('a \u001b[31mdesk');
      notices.alert('down');
    } finally {
      spy.mockRestore();
    }
    expect(written).toEqual(['note: a  [31mdesk\n', 'alert: down\n']);
  });
});

describe('a wrong option is refused in words', () => {
  test.each<[object | null | string, string]>([
    [{ cwd: 5 }, '`cwd`'],
    [{ cwd: '' }, '`cwd`'],
    [{ environment: 'HOME=/' }, '`environment`'],
    [{ notices: { warn: () => {} } }, '`notices`'],
    [{ notices: null }, '`notices`'],
    [{ configFile: 5 }, '`configFile`'],
    [{ overrides: 'llm.cache=off' }, '`overrides`'],
    [{ overrides: [5] }, '`overrides[0]`'],
    [{ observers: [{}] }, '`observers[0]`'],
    [{ enviroment: {} }, 'did you mean `environment`'],
    [null, 'createOrrery: '],
    ['here', 'createOrrery: '],
  ])('%j', (options, words) => {
    const create = () => createOrrery(options as OrreryOptions);
    expect(create).toThrow(OrreryError);
    expect(create).toThrow(expect.objectContaining({ code: 'usage-invalid', hint: expect.any(String) }));
    expect(create).toThrow(words);
  });

  test('also a file and an override that make no sense', () => {
    const cwd = folder;
    expect(() => createOrrery({ cwd, configFile: 'no.yaml' })).toThrow(
      expect.objectContaining({ code: 'file-not-found' }),
    );
    expect(() => createOrrery({ cwd, overrides: ['nonsense'] })).toThrow(
      expect.objectContaining({ code: 'usage-invalid' }),
    );
  });
});
