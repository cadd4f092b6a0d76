import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type YAMLError,
  type YAMLMap,
} from 'yaml';

/** Offset in the text and what is wrong there; the reader turns it into line and column. */
export interface TextProblem {
  readonly offset: number;
  readonly message: string;
}

/** A YAML text that is safe to turn into values: one document, no doubled keys, no bombs. */
export interface YamlTree {
  readonly value: unknown;
  readonly problems: readonly TextProblem[];
  lineAndColumn(offset: number): string;
  /** Where the value at `path` begins, or its nearest ancestor when it does not exist. */
  offsetOf(path: readonly PropertyKey[]): number;
  /** Where the key itself stands, in the map at `path`. */
  offsetOfKey(path: readonly PropertyKey[], key: string): number;
}

const deepest = 50;
const mostAliases = 20;

/** Reads YAML 1.2 (core schema). Never throws: `problems` says why `value` is null. */
export function parseTree(text: string): YamlTree {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    version: '1.2',
    schema: 'core',
    resolveKnownTags: false,
    stringKeys: true,
    // The library compares every key with all before it: a minute and more for one big map. `inspect` uses a set.
    uniqueKeys: false,
    logLevel: 'error',
  });
  const problems =
    document.errors.length > 0 ? document.errors.map(syntaxProblem) : inspect(document, document.warnings);
  const expansion = problems.length === 0 ? expand(document) : { value: null, problems };
  return {
    ...expansion,
    lineAndColumn: (offset) => {
      const { line, col } = lines.linePos(offset);
      return `${Math.max(1, line)}:${Math.max(1, col)}`;
    },
    offsetOf: (path) => walk(document, path).offset,
    offsetOfKey: (path, key) => {
      const { node, offset } = walk(document, path);
      return startOf(pairOf(node, key)?.key) ?? offset;
    },
  };
}

const adviceByCode: { readonly [code in YAMLError['code']]?: string } = {
  MULTIPLE_DOCS: 'a second document begins here; keep one and remove the `---`',
  TAB_AS_INDENT: 'a tab is used as indentation; use spaces',
  RESOURCE_EXHAUSTION: tooDeep(),
  NON_STRING_KEY: 'a list or a map is used as a key; use a word',
};

function syntaxProblem(error: YAMLError): TextProblem {
  const said = error.message.replace(/\s+/g, ' ').slice(0, 160);
  return { offset: error.pos[0], message: adviceByCode[error.code] ?? `not valid YAML: ${said}` };
}

function tooDeep(): string {
  return `nested more than ${deepest} levels deep; write it flatter`;
}

/** What the library lets through and we do not. Stops at the first problem: a bomb may hold millions. */
function inspect(document: Document.Parsed, warnings: readonly YAMLError[]): TextProblem[] {
  const [warning] = warnings;
  if (warning !== undefined) return [syntaxProblem(warning)];
  const aliases: Alias[] = [];
  const problem = inspectNode(document.contents, 0, aliases);
  if (problem !== null) return [problem];
  const tooMany = aliases[mostAliases];
  if (tooMany !== undefined) {
    return [
      { offset: startOf(tooMany) ?? 0, message: `more than ${mostAliases} aliases; write the values out` },
    ];
  }
  return aliases.flatMap((alias) => inspectAlias(alias, document)).slice(0, 1);
}

function inspectAlias(alias: Alias, document: Document.Parsed): TextProblem[] {
  const offset = startOf(alias) ?? 0;
  const anchored = alias.resolve(document);
  if (anchored === undefined) {
    return [{ offset, message: `alias \`*${alias.source}\` has no anchor \`&${alias.source}\` before it` }];
  }
  const end = anchored.range?.[1] ?? 0;
  return offset < end ? [{ offset, message: `alias \`*${alias.source}\` stands inside its own anchor` }] : [];
}

function inspectNode(node: unknown, depth: number, aliases: Alias[]): TextProblem | null {
  if (isAlias(node)) aliases.push(node);
  if (!isCollection(node)) return null;
  if (depth >= deepest) return { offset: startOf(node) ?? 0, message: tooDeep() };
  const keys = new Set<unknown>();
  for (const item of node.items) {
    const problem = isPair(item) ? inspectKey(item, keys) : null;
    if (problem !== null) return problem;
    const inner = inspectNode(isPair(item) ? item.value : item, depth + 1, aliases);
    if (inner !== null) return inner;
  }
  return null;
}

function inspectKey(pair: Pair, seen: Set<unknown>): TextProblem | null {
  const offset = startOf(pair.key) ?? 0;
  if (!isScalar(pair.key)) return { offset, message: 'an alias is used as a key; use a word' };
  const key = String(pair.key.value);
  if (key === '__proto__') return { offset, message: '`__proto__` cannot be a key; use another word' };
  if (key === '<<') return { offset, message: 'merge keys (`<<`) are not supported; write the values out' };
  if (seen.has(key)) {
    return { offset, message: `key \`${key.slice(0, 40)}\` is written twice; keep one` };
  }
  seen.add(key);
  return null;
}

/** Few aliases can still multiply when each stands in the next one's anchor; the library counts as it expands. */
function expand(document: Document.Parsed): Pick<YamlTree, 'value' | 'problems'> {
  try {
    return { value: document.toJS({ maxAliasCount: mostAliases }), problems: [] };
  } catch (thrown) {
    if (!(thrown instanceof ReferenceError)) throw thrown;
    const message = 'aliases multiply each other too often; write the values out';
    return { value: null, problems: [{ offset: 0, message }] };
  }
}

function walk(document: Document.Parsed, path: readonly PropertyKey[]): { node: unknown; offset: number } {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const key of path) {
    const pair = pairOf(node, key);
    const next = isSeq(node) ? node.items[Number(key)] : pair?.value;
    if (next === undefined) break;
    node = isAlias(next) ? next.resolve(document) : next;
    offset = startOf(next) ?? startOf(pair?.key) ?? offset;
  }
  return { node, offset };
}

/** By key, since looking a pair up in the list for each of many wrong keys would take minutes in one big map. */
const pairsOfMaps = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

function pairOf(node: unknown, key: PropertyKey): Pair | undefined {
  if (!isMap(node)) return undefined;
  let pairs = pairsOfMaps.get(node);
  if (pairs === undefined) {
    pairs = new Map(node.items.map((pair) => [isScalar(pair.key) ? String(pair.key.value) : '', pair]));
    pairsOfMaps.set(node, pairs);
  }
  return pairs.get(String(key));
}

function startOf(node: unknown): number | null {
  return isNode(node) && node.range ? node.range[0] : null;
}
