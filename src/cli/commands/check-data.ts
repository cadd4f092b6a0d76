import { existsSync } from 'node:fs';
import { timeframeOf } from '../../core/index.ts';
import { type CandleSource, checkCandleFile, parseCandleSource } from '../../market/index.ts';
import { count, counted } from '../../wording/index.ts';
import { resolvePath, type TerminalSession } from '../terminal-session.ts';

const shownProblems = 20;

/** As `--data` finds it; the store is asked only for what is no file. */
async function sourceOf(
  session: TerminalSession,
  { symbol, file, format }: CandleSource,
): Promise<CandleSource> {
  const path = resolvePath(file);
  if (symbol === null || existsSync(path)) return { symbol, file: path, format };
  const { candles } = await session.orrery();
  return candles.locate({ symbol, file, format });
}

/** Exit code 1 when the file has a problem that keeps it from being used. */
export async function checkData(session: TerminalSession, text: string): Promise<number> {
  const { symbol, file, format } = parseCandleSource('data check', text);
  const check = await checkCandleFile(await sourceOf(session, { symbol, file, format }));
  if (session.json) {
    session.printJson(check);
    return check.ok ? 0 : 1;
  }
  const bars = check.intervalMs === null ? 'of unknown length' : `of ${timeframeOf(check.intervalMs)}`;
  const lines = [
    `${file}: ${counted(check.rows, 'bar')} ${bars}, ${check.from ?? '?'} → ${check.to ?? '?'} (opens)`,
    `  format ${check.format}, time zone ${check.timezone}`,
    ...check.problems
      .slice(0, shownProblems)
      .map(({ kind, line, detail }) => `  line ${line}: ${kind}: ${detail}`),
  ];
  const rest = check.problems.length - shownProblems;
  if (rest > 0) lines.push(`  … ${count(rest)} more: --json`);
  lines.push(check.ok ? '  It can be used.' : '  It cannot be used until the problems above are mended.');
  session.print(lines.join('\n'));
  return check.ok ? 0 : 1;
}
