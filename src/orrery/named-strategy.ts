import type { BacktestRequest } from '../runs/index.ts';
import { loadStrategy, strategyKey, strategyName } from '../strategies/index.ts';

/** @param source a shipped name or an absolute path */
export async function namedStrategy(source: string): Promise<BacktestRequest['strategy']> {
  const code = await loadStrategy(source);
  return { name: strategyName(source), key: strategyKey(source), code };
}
