// npm run bench -- NAME [--json]: measures one thing beside what else one could use, in one run.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const benches = ['start', 'desk', 'indicators', 'engine', 'sweep', 'gateway', 'ensemble'] as const;

const [name, ...flags] = process.argv.slice(2);
if (!benches.some((known) => known === name)) {
  console.error(`bench: give one of: ${benches.join(', ')}`);
  process.exit(2);
}
if (!existsSync(`${import.meta.dirname}/node_modules`)) {
  // What others offer stands in a package of its own, so that nobody who only uses Orrery installs it.
  execFileSync('npm', ['ci', '--ignore-scripts'], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
const { measure } = (await import(pathToFileURL(`${import.meta.dirname}/${name}.bench.ts`).href)) as {
  measure(): Promise<object>;
};
const result = { bench: name, node: process.version, ...(await measure()) };
console.log(flags.includes('--json') ? JSON.stringify(result) : JSON.stringify(result, null, 2));
