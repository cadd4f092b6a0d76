import { statSync } from 'node:fs';
import { OrreryError } from '../../core/index.ts';
import { renderCheck } from '../render-check.ts';
import { resolvePath, type TerminalSession } from '../terminal-session.ts';
import { type BacktestOptions, readRequest } from './backtest.ts';

/** Exit code 1 when something was found that makes results worthless. */
export async function check(
  session: TerminalSession,
  options: BacktestOptions,
  subject: string,
): Promise<number> {
  if (options.data === undefined) {
    throw new OrreryError('usage-invalid', 'on which candles? Give --data FILE', {
      hint: 'See: orrery check --help',
    });
  }
  const orrery = await session.orrery();
  const path = resolvePath(subject);
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  const document = await orrery.check(isFile ? path : subject, readRequest(options, orrery));
  if (session.json) session.printJson(document);
  else session.print(renderCheck(document, session.terminal('stdout')));
  return document.ok ? 0 : 1;
}
