import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkLayers, drawFloors, type Layers } from '../scripts/check-layers.ts';

const layers: Layers = {
  floors: [
    { name: 'words', rooms: { core: 'types' } },
    { name: 'parts', rooms: { market: 'candles', trading: 'fills' } },
    { name: 'root', rooms: { 'root.ts': 'wiring' } },
    { name: 'surfaces', rooms: { cli: 'commands' } },
  ],
};

/** A house in order: three arrows down, all through index.ts. */
const house = {
  'core/index.ts': "export { now } from './clock.ts';",
  'core/clock.ts': 'export const now = 1;',
  'market/index.ts': "import { now } from '../core/index.ts';\nexport const candles = now;",
  'trading/fills/simulator.ts': "import type { now } from '../../core/index.ts';\nexport const fill = 1;",
  'root.ts': "import { candles } from './market/index.ts';\nexport const run = candles;",
  'cli/index.ts': "import { run } from '../root.ts';\nexport const command = run;",
};

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'orrery-layers-'));
  write('layers.json', JSON.stringify(layers));
  for (const [file, text] of Object.entries(house)) write(`src/${file}`, text);
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

test('a house in order has nothing to say but its size', () => {
  expect(checkLayers(root)).toEqual({ files: 6, arrows: 4, violations: [] });
});

describe('a wrong import is caught with file and line', () => {
  const up = '../root.ts: root.ts stands above market';
  test.each<[string, string, string, number]>([
    ['upwards', "import { command } from '../cli/index.ts';", '../cli/index.ts: cli stands above market', 1],
    ['up to a file', "import { run } from '../root.ts';", up, 1],
    [
      'sideways',
      "import { fill } from '../trading/index.ts';",
      '../trading/index.ts: trading stands beside market',
      1,
    ],
    [
      'past index.ts',
      "import { now } from '../core/clock.ts';",
      '../core/clock.ts: core is entered by its index.ts',
      1,
    ],
    ['a folder', "import { now } from '../core';", '../core: core is entered by its index.ts', 1],
    ['type-only', "import type { run } from '../root.ts';", up, 1],
    ['an inline type', "type T = import('../root.ts').T;", up, 1],
    ['when run', "await import('../root.ts');", up, 1],
    ['in a template', 'await import(`../root.ts`);', up, 1],
    ['handed on', "export * from '../root.ts';", up, 1],
    ['for effect', "import '../root.ts';", up, 1],
    ['over lines', "import {\n  run,\n} from\n '../root.ts';", up, 4],
    [
      'to nowhere',
      "import '../attic/index.ts';",
      '../attic/index.ts: attic stands on no floor of layers.json',
      1,
    ],
    ['out of src', "import '../../scripts/x.ts';", '../../scripts/x.ts: it lies outside src', 1],
    ['behind a comment', "/* import\n'x' */ // it's\nimport '../root.ts';", up, 3],
    ['behind a pattern', "const quote = /['\"`/*]/;\nimport '../root.ts';", up, 2],
    ['behind a division', "const half = (a + b) / 2; // \"/\nimport '../root.ts';", up, 2],
    [
      'behind a template',
      `const t = \`\${[1].map((i) => { return \`"\${i}\`; })} ' \${"}"}\`;\nimport '../root.ts';`,
      up,
      2,
    ],
    ['inside a template', 'const t = `$' + "{await import('../root.ts')}`;", up, 1],
  ])('%s', (_, text, fault, line) => {
    write('src/market/wrong.ts', text);
    expect(checkLayers(root).violations).toEqual([`src/market/wrong.ts:${line} imports ${fault}`]);
  });

  test('from a folder in a folder', () => {
    write('src/trading/fills/wrong.ts', "import '../../market/index.ts';\nimport '../index.ts';");
    expect(checkLayers(root).violations).toEqual([
      'src/trading/fills/wrong.ts:1 imports ../../market/index.ts: market stands beside trading',
    ]);
  });
});

test('what only looks like an import is let through', () => {
  const text = [
    '// import "../cli/index.ts";',
    '/** @example import { x } from "../cli/index.ts" */',
    'const text = \'import "../cli/index.ts"\';',
    'const shown = `from "../cli/index.ts"`;',
    'client.import("../cli/index.ts");',
    'const from = 1, url = import.meta.url;',
    'import { join } from "node:path";',
  ];
  write('src/market/right.ts', text.join('\n'));
  expect(checkLayers(root).violations).toEqual([]);
});

test('tests may reach where they like', () => {
  write('src/core/clock.test.ts', "import '../cli/index.ts';");
  expect(checkLayers(root)).toMatchObject({ files: 6, violations: [] });
});

test('every room has a floor, and every floor its rooms', () => {
  write('src/attic/index.ts', "import '../cli/index.ts';");
  rmSync(join(root, 'src/cli'), { recursive: true });
  expect(checkLayers(root).violations).toEqual([
    'src/attic: attic stands on no floor of layers.json',
    'layers.json: there is no src/cli',
  ]);
});

describe('the picture', () => {
  test('shows the floors from the top', () => {
    expect(drawFloors(layers).split('\n')).toEqual([
      '```',
      '3 surfaces  cli      commands',
      '2 root      root.ts  wiring',
      '1 parts     market   candles',
      '            trading  fills',
      '0 words     core     types',
      '```',
    ]);
  });

  test('in ARCHITECTURE.md is the one of today', () => {
    write('ARCHITECTURE.md', `# Architecture\n<!-- floors -->\n${drawFloors(layers)}\n<!-- /floors -->\n`);
    expect(checkLayers(root).violations).toEqual([]);
    write('ARCHITECTURE.md', '<!-- floors -->\nold\n<!-- /floors -->');
    expect(checkLayers(root).violations).toEqual([
      'ARCHITECTURE.md: the floors differ; paste what --picture prints between the markers',
    ]);
    write('ARCHITECTURE.md', '# Architecture');
    expect(checkLayers(root).violations).toEqual([
      'ARCHITECTURE.md: there is no <!-- floors --> … <!-- /floors --> block',
    ]);
  });
});
