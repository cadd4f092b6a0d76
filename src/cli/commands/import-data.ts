import { OrreryError, timeframeMs } from '../../core/index.ts';
import { type DataOption, type ImportedCandles, parseCandleSource, parseSymbol } from '../../market/index.ts';
import { count, counted } from '../../wording/index.ts';
import { resolvePath, type SharedOptions, type TerminalSession } from '../terminal-session.ts';

interface ImportOptions extends SharedOptions {
  readonly as?: string;
  readonly format?: string;
  readonly every?: string;
}

export async function importData(
  session: TerminalSession,
  options: ImportOptions,
  files: readonly string[],
): Promise<void> {
  const everyMs = options.every === undefined ? null : timeframeMs(options.every);
  const sources = files.map((text) => readSource(text, options));
  const { candles } = await session.orrery();
  const imported = await candles.import(sources, everyMs);
  if (session.json) session.printJson(imported);
  else session.print(imported.map(sayImported).join('\n'));
}

function readSource(text: string, { as, format: others }: ImportOptions): DataOption {
  const { file, format, symbol: told } = parseCandleSource('data import', text);
  const symbol = as === undefined ? told : parseSymbol('--as', as);
  if (symbol !== null) return { symbol, file: resolvePath(file), format: format ?? others ?? null };
  throw new OrreryError('usage-invalid', `${file}: the file's name gives no symbol`, {
    hint: 'Name it with --as SYMBOL.',
  });
}

const shownProblems = 5;

function sayImported({ symbol, interval, rows, added, from, to, problems, joints }: ImportedCandles): string {
  const rest = problems.length - shownProblems;
  const lasting = (days: number) =>
    days < 2 ? `${count(Math.round(days * 24))} hours` : counted(Math.round(days), 'day');
  return [
    sayRows({ symbol, interval, rows, added, from, to }),
    ...problems
      .slice(0, shownProblems)
      .map(({ file, line, kind, detail }) => `  ${file}, line ${line}: ${kind}: ${detail}`),
    ...(rest > 0 ? [`  … ${count(rest)} more: orrery data check FILE`] : []),
    ...joints.map(
      ({ after, until, days }) =>
        `  joint: hole: no bar for ${lasting(days)} after ${after}, until ${until}; if they do not belong together: orrery data remove ${symbol} --timeframe ${interval}, and import one of them again`,
    ),
  ].join('\n');
}

function sayRows({
  symbol,
  interval,
  rows,
  added,
  from,
  to,
}: Pick<ImportedCandles, 'symbol' | 'interval' | 'rows' | 'added' | 'from' | 'to'>): string {
  return `${symbol} ${interval}: ${counted(rows, 'bar')}, ${count(added)} of them new, ${from} → ${to} (opens)`;
}
