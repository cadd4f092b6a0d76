import { stripVTControlCharacters } from 'node:util';

/** What one output stream can show. Colour and width belong to a stream, not to the process: stdout may be a pipe. */
export interface Terminal {
  /** A person watches: lines may be redrawn, tables fitted. */
  readonly interactive: boolean;
  readonly columns: number;
  readonly color: boolean;
  /** Signs beyond ASCII can be shown. */
  readonly unicode: boolean;
}

interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

type Environment = { readonly [name: string]: string | undefined };

/** Colour: `--no-color`, then `NO_COLOR`, then `FORCE_COLOR`, then whether the stream is a terminal. */
export function describeTerminal(
  stream: OutputStream,
  environment: Environment,
  flags: { readonly noColor: boolean },
): Terminal {
  const isTerminal = stream.isTTY === true && environment['TERM'] !== 'dumb';
  return {
    interactive: isTerminal && !isSet(environment['CI']),
    // Some terminals report 0.
    columns: stream.columns || 80,
    color: wantsColor(environment, flags.noColor, isTerminal),
    unicode: hasUnicode(environment),
  };
}

function wantsColor(environment: Environment, noColor: boolean, isTerminal: boolean): boolean {
  if (noColor || isSet(environment['NO_COLOR'])) return false;
  const forced = environment['FORCE_COLOR'];
  if (isSet(forced)) return forced !== '0' && forced !== 'false';
  return isTerminal;
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

/** A locale that names another encoding is believed; where none is named (containers, Windows) UTF-8 is usual. */
function hasUnicode(environment: Environment): boolean {
  const locale = [environment['LC_ALL'], environment['LC_CTYPE'], environment['LANG']].find(isSet);
  return locale === undefined || /utf-?8/i.test(locale);
}

const codes = { long: '34', short: '33', failed: '31', bold: '1', dim: '2' } as const;

/** `flat` looks like ordinary text: only direction and failure have colours. */
export type Look = keyof typeof codes | 'flat';

export function paint(terminal: Terminal, look: Look, text: string): string {
  return terminal.color && look !== 'flat' && text !== '' ? `\x1b[${codes[look]}m${text}\x1b[0m` : text;
}

const asciiSigns: { readonly [sign: string]: string } = {
  '▲': '^',
  '▼': 'v',
  '✕': 'x',
  '✓': '+',
  '●': 'o',
  '–': '-',
  '−': '-',
  '→': '->',
  '…': '...',
  '·': '|',
  '×': 'x',
  '“': '"',
  '”': '"',
  '’': "'",
};

/** Own signs as ASCII where the locale has no others; text from outside is left as it is. */
export function forTerminal(terminal: Terminal, text: string): string {
  return terminal.unicode ? text : text.replace(/[▲▼✕✓●–−→…·×“”’]/g, (sign) => asciiSigns[sign]!);
}

/** Text from outside may hold escape sequences that repaint the screen: control characters become visible. */
export function harmless(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

/** One line, for a cell. */
export function oneLine(text: string): string {
  return harmless(text).replace(/\s+/g, ' ').trim();
}

const twoWide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** Columns a text takes; colour codes take none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) {
    width += /\p{Mn}/u.test(character) ? 0 : twoWide.test(character) ? 2 : 1;
  }
  return width;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Cuts to `width` columns, the last being "…". */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += displayWidth(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Breaks at spaces into lines of at most `width` columns, keeping other spacing; a number stays with its "%". */
export function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const [, space = '', word = ''] of paragraph.matchAll(/( *)((?:\d %|[^ ])+)/g)) {
      if (line.trim() !== '' && displayWidth(line + space + word) > width) {
        lines.push(line);
        line = word;
      } else {
        line += space + word;
      }
    }
    return [...lines, line];
  });
}
