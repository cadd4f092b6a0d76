import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { openAgentFolder } from '../../test/agent-at-work.ts';
import { isGone } from '../../test/is-alive.ts';

const place = openAgentFolder();
afterAll(() => place.remove());

test('programs end with the process that runs them', async () => {
  const program = {
    ...{ file: '/bin/sh', args: ['-c', 'sleep 60 & echo $$ $! >pids; wait'], folder: place.folder },
    ...{ environment: {}, stdin: '', maxOutputBytes: 100 },
  };
  const text = `
    import { existsSync, readFileSync } from 'node:fs';
    import { runProgram } from ${JSON.stringify(fileURLToPath(new URL('./run-program.ts', import.meta.url)))};
    runProgram({ ...${JSON.stringify(program)}, signal: new AbortController().signal });
    const pids = ${JSON.stringify(`${place.folder}/pids`)};
    while (!existsSync(pids) || readFileSync(pids, 'utf8') === '');
    process.stdout.write(readFileSync(pids, 'utf8'), () => process.exit(0));`;
  const printed = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', text], {
    encoding: 'utf8',
  });
  const pids = printed.trim().split(' ').map(Number);
  expect(pids).toHaveLength(2);
  for (const pid of pids) expect(await isGone(pid)).toBe(true);
});
