import { expect, test } from 'vitest';
import { checkRunId, newRunId } from './run-id.ts';

test('a new id is one that may be given, and no two are alike', () => {
  const ids = Array.from({ length: 100 }, newRunId);
  for (const id of ids) expect(checkRunId(id)).toMatch(/^r_[0-9A-HJKMNP-TV-Z]{8}$/);
  expect(new Set(ids).size).toBe(100);
});

// An id begins record ids, whose parts are separated by dots, and names the report's file.
test.each(['', 'a.b', '../x', 'a/b', '-a', '_a', 'a b', 'ä', 'a\n', 'x'.repeat(65)])(
  '%j is refused',
  (id) => {
    expect(() => checkRunId(id)).toThrow(expect.objectContaining({ code: 'usage-invalid' }));
  },
);

test.each(['a', '7', 'My_run-2', 'x'.repeat(64)])('%j is taken as it is', (id) => {
  expect(checkRunId(id)).toBe(id);
});
