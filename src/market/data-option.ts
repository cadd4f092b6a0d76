import { basename } from 'node:path';
import { OrreryError } from '../core/index.ts';

/** A file of candles as typed. */
export interface CandleSource {
  /** Null where neither a `SYMBOL=` nor the file's name says what these are candles of. */
  readonly symbol: string | null;
  /** Relative to the working folder. */
  readonly file: string;
  /** What stood after `@`; null when the format is to be recognised. */
  readonly format: string | null;
}

/** One `--data`: where candles are and what they are candles of. */
export interface DataOption extends CandleSource {
  readonly symbol: string;
}

const form = 'Write it as [SYMBOL=]FILE[@format], for example BTCUSDT=prices/btc.csv.';

/**
 * {@link parseCandleSource} of what is to be traded, which needs a symbol.
 *
 * @throws OrreryError `usage-invalid` also when the file's name gives none.
 */
export function parseDataOption(text: string): DataOption {
  const { symbol, file, format } = parseCandleSource('--data', text);
  if (symbol === null) throw refuse('--data', text, 'has a file name that gives no symbol');
  return { symbol, file, format };
}

/**
 * Reads `[SYMBOL=]FILE[@format]`, which was typed behind `where`. Without `SYMBOL=` the symbol is the file name up to
 * its first `_` or `.`. A `=` behind a `/` belongs to the file, and so does an `@` with a `.` or `/` behind it: `./a=b.csv`, `me@home.csv`.
 *
 * @throws OrreryError `usage-invalid` when the file, or a symbol or format that is announced, is missing or malformed.
 */
export function parseCandleSource(where: string, text: string): CandleSource {
  const equals = text.indexOf('=');
  const named = equals >= 0 && !text.slice(0, equals).includes('/');
  const rest = named ? text.slice(equals + 1) : text;
  const at = rest.lastIndexOf('@');
  const suffixed = at >= 0 && !/[./]/.test(rest.slice(at));
  const file = suffixed ? rest.slice(0, at) : rest;
  const format = suffixed ? rest.slice(at + 1) : null;
  if (file.trim() === '') throw refuse(where, text, 'names no file');
  if (format === '') throw refuse(where, text, 'has an @ but no format behind it');
  const symbol = named ? text.slice(0, equals) : symbolOf(file);
  if (isSymbol(symbol)) return { symbol, file, format };
  if (named) throw refuse(where, text, 'has no usable symbol before the =');
  return { symbol: null, file, format };
}

/** The symbol that a file's name gives, usable or not. */
export function symbolOf(file: string): string {
  return basename(file).split(/[_.]/, 1)[0] ?? '';
}

/** @throws OrreryError `usage-invalid` for what cannot be a symbol */
export function parseSymbol(where: string, text: string): string {
  if (isSymbol(text)) return text;
  throw new OrreryError(
    'usage-invalid',
    `${where}: ${JSON.stringify(text.slice(0, 200))} is no usable symbol`,
    {
      hint: 'Use letters, digits and . : = ^ -, at most 40 characters.',
    },
  );
}

/** Symbols stand in prompts, reports and tables: no blanks, quotes, brackets or control characters. */
function isSymbol(text: string): boolean {
  return /^[\p{L}\p{N}^][\p{L}\p{N}.:=^-]{0,39}$/u.test(text);
}

function refuse(where: string, text: string, what: string): OrreryError {
  return new OrreryError('usage-invalid', `${where} ${JSON.stringify(text.slice(0, 200))} ${what}`, {
    hint: form,
  });
}
