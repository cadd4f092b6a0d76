/**
 * The check of the floors, part of `npm run check`: `node --import tsx scripts/check-layers.ts`. A room (a folder of
 * `src`, or a file that lies in `src` itself) may import from rooms on lower floors, and from a folder only through its
 * `index.ts`; types and `import()` count too. `layers.json` says who lives where. With `--picture` it prints the floors
 * as ARCHITECTURE.md shows them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** `layers.json`: lowest floor first; a room's value says what it is for. */
export interface Layers {
  readonly floors: readonly { readonly name: string; readonly rooms: { readonly [room: string]: string } }[];
}

export interface LayersReport {
  readonly files: number;
  /** Pairs of rooms of which the first imports the second. */
  readonly arrows: number;
  readonly violations: readonly string[];
}

interface Import {
  readonly line: number;
  readonly specifier: string;
}

/** Checks every source under `root/src` but tests, and the picture in `root/ARCHITECTURE.md` when there is one. */
export function checkLayers(root: string): LayersReport {
  const layers = readLayers(root);
  const floorOf = new Map(
    layers.floors.flatMap(({ rooms }, floor) => Object.keys(rooms).map((room) => [room, floor])),
  );
  const files = sourcesOf(root);
  const arrows = new Set<string>();
  const violations: string[] = [];
  for (const file of files) {
    for (const { line, specifier } of importsOf(readFileSync(join(root, 'src', file), 'utf8'))) {
      const target = posix.join(posix.dirname(file), specifier);
      if (roomOf(target) !== roomOf(file)) arrows.add(`${roomOf(file)} ${roomOf(target)}`);
      const fault = faultOf(roomOf(file), target, floorOf);
      if (fault !== null) violations.push(`src/${file}:${line} imports ${specifier}: ${fault}`);
    }
  }
  const inhabited = new Set(files.map(roomOf));
  for (const room of inhabited) if (!floorOf.has(room)) violations.push(`src/${room}: ${homeless(room)}`);
  for (const room of floorOf.keys()) {
    if (!inhabited.has(room)) violations.push(`layers.json: there is no src/${room}`);
  }
  return {
    files: files.length,
    arrows: arrows.size,
    violations: [...violations, ...pictureFaults(root, layers)],
  };
}

function faultOf(room: string, target: string, floorOf: ReadonlyMap<string, number>): string | null {
  const other = roomOf(target);
  if (other === room) return null;
  if (other === '..') return 'it lies outside src';
  const own = floorOf.get(room);
  const theirs = floorOf.get(other);
  if (theirs === undefined) return homeless(other);
  // Reported once for the whole room.
  if (own === undefined) return null;
  if (theirs > own) return `${other} stands above ${room}`;
  if (theirs === own) return `${other} stands beside ${room}`;
  return other.endsWith('.ts') || target === `${other}/index.ts`
    ? null
    : `${other} is entered by its index.ts`;
}

function homeless(room: string): string {
  return `${room} stands on no floor of layers.json`;
}

function roomOf(path: string): string {
  return path.split('/')[0] ?? path;
}

function readLayers(root: string): Layers {
  return JSON.parse(readFileSync(join(root, 'layers.json'), 'utf8')) as Layers;
}

function sourcesOf(root: string): readonly string[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !/\.test\.[cm]?[jt]sx?$/.test(path))
    .sort();
}

/** The floors from the top down, fenced for Markdown. */
export function drawFloors({ floors }: Layers): string {
  const roomWidth = Math.max(...floors.flatMap(({ rooms }) => Object.keys(rooms).map((room) => room.length)));
  const nameWidth = Math.max(...floors.map(({ name }) => name.length));
  const lines = floors.map(({ name, rooms }, floor) =>
    Object.entries(rooms)
      .map(([room, purpose], index) => {
        const heading = index === 0 ? `${floor} ${name}` : '';
        return `${heading.padEnd(nameWidth + 4)}${room.padEnd(roomWidth + 2)}${purpose}`;
      })
      .join('\n'),
  );
  return ['```', ...lines.reverse(), '```'].join('\n');
}

function pictureFaults(root: string, layers: Layers): readonly string[] {
  const file = join(root, 'ARCHITECTURE.md');
  if (!existsSync(file)) return [];
  const shown = /<!-- floors -->([\s\S]*?)<!-- \/?floors -->/.exec(readFileSync(file, 'utf8'))?.[1];
  if (shown === undefined) return ['ARCHITECTURE.md: there is no <!-- floors --> … <!-- /floors --> block'];
  const fresh = shown.trim() === drawFloors(layers);
  return fresh ? [] : ['ARCHITECTURE.md: the floors differ; paste what --picture prints between the markers'];
}

/** Relative imports of a source, type imports, re-exports and `import()` of a plain string included. */
function importsOf(text: string): readonly Import[] {
  const tokens = tokensOf(text);
  const imports: Import[] = [];
  for (const [index, { kind, text: word, line }] of tokens.entries()) {
    if (kind !== 'word' || tokens[index - 1]?.text === '.') continue;
    const next = tokens[index + 1];
    const direct = word === 'from' || word === 'import' ? next : undefined;
    const called =
      (word === 'import' || word === 'require') && next?.text === '(' ? tokens[index + 2] : undefined;
    const named = [direct, called].find((token) => token?.kind === 'string');
    const specifier = named?.text.slice(1, -1);
    if (specifier?.startsWith('.')) imports.push({ line: named?.line ?? line, specifier });
  }
  return imports;
}

interface Token {
  readonly kind: 'blank' | 'string' | 'template' | 'pattern' | 'word' | 'mark';
  readonly text: string;
  readonly line: number;
}

/** Tried in this order at each place. A template is cut into pieces around its `${…}`; one without any is a string. */
const lexemes: readonly (readonly [Token['kind'], RegExp])[] = [
  ['blank', /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y],
  ['string', /'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"|`(?:\\[\s\S]|\$(?!\{)|[^`\\$])*`/y],
  ['template', /`(?:\\[\s\S]|\$(?!\{)|[^`\\$])*\$\{/y],
  ['pattern', /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y],
  ['word', /[\p{L}\p{N}_$#]+/uy],
  ['mark', /[\s\S]/y],
];
const restOfTemplate = /\}(?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{)/y;

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  /** Braces open inside each template that is open. */
  const templates: number[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const token = tokenAt(text, at, {
      line,
      previous: tokens.at(-1),
      closesTemplate: templates.at(-1) === 0,
    });
    const braces = templates.length - 1;
    if (token.kind === 'template' && !token.text.startsWith('}')) templates.push(0);
    else if (token.kind === 'template' && token.text.endsWith('`')) templates.pop();
    else if (token.text === '{' && braces >= 0) templates[braces]!++;
    else if (token.text === '}' && braces >= 0) templates[braces]!--;
    if (token.kind !== 'blank') tokens.push(token);
    at += token.text.length;
    line += token.text.split('\n').length - 1;
  }
  return tokens;
}

interface Surroundings {
  readonly line: number;
  readonly previous: Token | undefined;
  readonly closesTemplate: boolean;
}

function tokenAt(text: string, at: number, { line, previous, closesTemplate }: Surroundings): Token {
  const rest = closesTemplate ? matchAt(restOfTemplate, text, at) : null;
  if (rest !== null) return { kind: 'template', text: rest, line };
  for (const [kind, lexeme] of lexemes) {
    if (kind === 'pattern' && !maySlashBeginPattern(previous)) continue;
    const found = matchAt(lexeme, text, at);
    if (found !== null) return { kind, text: found, line };
  }
  throw new RangeError(`nothing to read at ${at}`);
}

function matchAt(lexeme: RegExp, text: string, at: number): string | null {
  lexeme.lastIndex = at;
  return lexeme.exec(text)?.[0] ?? null;
}

/** After a value a slash divides; elsewhere it begins a regular expression, which may hold quotes. */
function maySlashBeginPattern(previous: Token | undefined): boolean {
  if (previous === undefined) return true;
  if (previous.kind === 'mark') return !')]}'.includes(previous.text);
  return (
    previous.kind === 'word' &&
    /^(?:return|typeof|case|in|of|void|throw|else|do|yield|await)$/.test(previous.text)
  );
}

function main(root: string, wantsPicture: boolean): void {
  if (wantsPicture) {
    console.log(drawFloors(readLayers(root)));
    return;
  }
  const { files, arrows, violations } = checkLayers(root);
  for (const violation of violations) console.error(violation);
  if (violations.length > 0) process.exitCode = 1;
  else console.log(`floors: ${files} files, ${arrows} arrows, ok`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main(fileURLToPath(new URL('..', import.meta.url)), process.argv.includes('--picture'));
}
