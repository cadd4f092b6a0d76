import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { makeFolder, makeStateFolder } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'orrery-folder-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('a folder', () => {
  test('is made with those above it, and left alone when it is there', () => {
    makeStateFolder(join(root, 'a', 'b'));
    makeFolder(join(root, 'a', 'b'));
    for (const made of ['a', 'a/b']) expect(statSync(join(root, made)).mode & 0o777).toBe(0o700);
  });

  test('cannot be made where something else is in the way', () => {
    writeFileSync(join(root, 'file'), '');
    symlinkSync('nowhere', join(root, 'link'));
    for (const path of ['file', 'file/below', 'link', 'link/below']) {
      expect(() => makeStateFolder(join(root, path)), path).toThrow(
        expect.objectContaining({
          code: 'database-failed',
          message: expect.stringContaining(join(root, path)),
        }),
      );
    }
  });

  // Node's own way of making folders above folders never returns there.
  test.skipIf(!existsSync('/proc/self'))('cannot be made in /proc', () => {
    expect(() => makeFolder('/proc/no/such/folder')).toThrow('ENOENT');
  });
});
