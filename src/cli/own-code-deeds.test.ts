import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { placeIn } from './own-code-deeds.ts';

const own = fileURLToPath(new URL('./program.ts', import.meta.url));
const frames = ['Error: boom', '    at process.exit (node:internal/process/per_thread:191:13)'];

test.each([
  ['    at Timeout._onTimeout (/home/me/my files/model.mjs:3:9)', '/home/me/my files/model.mjs:3'],
  ['    at file:///home/me/model.mjs:12:9', '/home/me/model.mjs:12'],
  ['    at Object.predict (C:\\me\\model.mjs:3:9)', 'C:\\me\\model.mjs:3'],
  ['    at jiti (/home/me/node_modules/jiti/dist/jiti.cjs:1:9)', null],
  [`    at run (${own}:1:9)`, null],
])('a stack leads to the line of a user’s file: %s', (frame, place) => {
  expect(placeIn([...frames, `    at run (${own}:5:1)`, frame].join('\n'))).toBe(place);
});
