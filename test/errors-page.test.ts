import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { errorTable } from '../src/core/index.ts';

const page = readFileSync(fileURLToPath(new URL('../docs/errors.md', import.meta.url)), 'utf8');
/** What the page says of each code: `### \`CODE\`` and the sentence after it. */
const documented = [...page.matchAll(/^### `([a-z-]+)`\n(.*)$/gm)].map(([, code, begin]) => ({
  code,
  begin,
}));

test('the page documents every error code once, and no other', () => {
  expect(documented.map(({ code }) => code).sort()).toEqual(Object.keys(errorTable).sort());
});

test.each(Object.entries(errorTable))('the page and the table agree on %s', (code, { exit, retryable }) => {
  const { begin } = documented.find((entry) => entry.code === code) ?? {};
  expect(begin).toMatch(new RegExp(`^Exit ${exit}, ${retryable ? 'retry' : 'no retry'}\\. \\S`));
});
