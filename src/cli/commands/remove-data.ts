import { timeframeMs, timeframeOf } from '../../core/index.ts';
import type { SharedOptions, TerminalSession } from '../terminal-session.ts';

interface RemoveOptions extends SharedOptions {
  readonly timeframe?: string;
}

/** Asks nothing: what is removed can be imported again. */
export async function removeData(
  session: TerminalSession,
  { timeframe }: RemoveOptions,
  symbol: string,
): Promise<void> {
  const interval = timeframe === undefined ? null : timeframeOf(timeframeMs(timeframe));
  const { candles } = await session.orrery();
  const removed = await candles.remove(symbol, interval);
  if (session.json) session.printJson(removed);
  else session.print(removed.map((one) => `removed ${one.symbol} ${one.interval}: ${one.file}`).join('\n'));
}
