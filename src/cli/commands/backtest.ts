import { existsSync } from 'node:fs';
import { OrreryError } from '../../core/index.ts';
import { parseDataOption } from '../../market/index.ts';
import type { Orrery, StrategyRequest } from '../../orrery/index.ts';
import { followSweep } from '../follow-sweep.ts';
import { readNumber, readTime } from '../read-options.ts';
import { renderBacktest } from '../render-backtest.ts';
import { renderSweep } from '../render-sweep.ts';
import { renderWalkForward } from '../render-walk-forward.ts';
import { readMonteCarlo, readSweep, type SweepOptions, type SweepPlan } from '../sweep-options.ts';
import { resolvePath, type SharedOptions, type TerminalSession } from '../terminal-session.ts';
import { checkComparison, compareStrategies } from './compare-strategies.ts';
import { refuseDesk } from './refuse-other-kind.ts';

export interface BacktestOptions extends SharedOptions, SweepOptions {
  readonly data?: readonly string[];
  readonly factors?: readonly string[];
  readonly funding?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly param?: readonly string[];
  readonly cash?: string;
  readonly commission?: string;
  readonly spread?: string;
  readonly slippage?: string;
  readonly volumeShare?: string;
  readonly borrow?: string;
  readonly margin?: string;
  readonly fractional?: boolean;
  readonly tradeOnClose?: boolean;
  readonly hedging?: boolean;
  readonly exclusive?: boolean;
  readonly finalize?: boolean;
  readonly compat?: boolean;
}

export async function backtest(
  session: TerminalSession,
  options: BacktestOptions,
  strategies: readonly string[],
): Promise<void> {
  const given = strategies.map((word) => {
    const path = resolvePath(word);
    return { word, source: existsSync(path) ? path : word };
  });
  if (given.length > 1) checkComparison(given, options);
  const orrery = await session.orrery();
  const desks = orrery.listDesks().map(({ name }) => name);
  for (const { word } of given) refuseDesk(word, desks);
  const request = readRequest(options, orrery);
  if (given.length > 1) return compareStrategies(session, orrery, given, request);
  const { source } = given[0]!;
  const plan = readSweep(options, request.params);
  if (plan !== null) return sweep(session, orrery, source, request, plan);
  const document = await orrery.backtest(source, request);
  if (session.json) session.printJson(document);
  else session.print(renderBacktest(document, session.terminal('stdout')));
}

async function sweep(
  session: TerminalSession,
  orrery: Orrery,
  strategy: string,
  single: StrategyRequest,
  { ranges, workers, windows }: SweepPlan,
): Promise<void> {
  const request = { ...single, ranges, workers };
  const terminal = session.terminal('stdout');
  if (windows === null) {
    const document = await followSweep(session, (watch) => orrery.sweep(strategy, request, watch));
    if (session.json) session.printJson(document);
    else session.print(renderSweep(document, terminal));
  } else {
    const document = await followSweep(session, (watch) =>
      orrery.walkForward(strategy, request, windows, watch),
    );
    if (session.json) session.printJson(document);
    else session.print(renderWalkForward(document, terminal));
  }
}

export function readRequest(options: BacktestOptions, { candles }: Orrery): StrategyRequest {
  const { data = [] } = options;
  if (data.length === 0) {
    throw new OrreryError('usage-invalid', 'on which candles? Give --data FILE', {
      hint: 'See: orrery backtest --help',
    });
  }
  const from = options.from === undefined ? null : readTime('--from', options.from);
  const to = options.to === undefined ? null : readTime('--to', options.to);
  const fraction = (option: string, text: string | undefined, least: number) =>
    text === undefined ? null : readNumber(option, text, least, 0.5);
  return {
    params: readParams(options.param ?? []),
    files: data.map((text) => candles.locate(parseDataOption(text))),
    factors: (options.factors ?? []).map(readSymbolFile),
    funding: (options.funding ?? []).map(readSymbolFile),
    from,
    to,
    cash: options.cash === undefined ? 10_000 : readNumber('--cash', options.cash, 1e-6, 1e15),
    commission: fraction('--commission', options.commission, -0.1),
    spread: fraction('--spread', options.spread, 0),
    slippage: fraction('--slippage', options.slippage, 0) ?? 0,
    volumeShare:
      options.volumeShare === undefined ? null : readNumber('--volume-share', options.volumeShare, 1e-6, 1),
    borrow: options.borrow === undefined ? 0 : readNumber('--borrow', options.borrow, 0, 10),
    margin: options.margin === undefined ? 1 : readNumber('--margin', options.margin, 0.001, 1),
    fractional: options.fractional ?? false,
    tradeOnClose: options.tradeOnClose ?? false,
    hedging: options.hedging ?? false,
    exclusive: options.exclusive ?? false,
    finalize: options.finalize ?? false,
    compat: options.compat ?? false,
    monteCarlo: readMonteCarlo(options),
    withTrades: options.trades ?? false,
  };
}

function readSymbolFile(text: string): { readonly symbol: string | null; readonly file: string } {
  const [, symbol = null, file = text] = /^([^=/\\]+)=(.+)$/.exec(text) ?? [];
  return { symbol, file: resolvePath(file) };
}

function readParams(texts: readonly string[]): Readonly<Record<string, number>> {
  const params: Record<string, number> = {};
  for (const [name, value] of texts.map(readParam)) {
    if (Object.hasOwn(params, name)) {
      throw new OrreryError('usage-invalid', `--param ${name} is given twice`, {
        hint: `To try several values: --sweep ${name}=FROM..TO:STEP.`,
      });
    }
    params[name] = value;
  }
  return params;
}

function readParam(text: string): [name: string, value: number] {
  const [, name, value] = /^([A-Za-z]\w*)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new OrreryError('usage-invalid', `--param: "${text}" is not NAME=VALUE`, {
      hint: 'Write --param fast=10.',
    });
  }
  return [name, readNumber(`--param ${name}`, value, -1e15, 1e15)];
}
