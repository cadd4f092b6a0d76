import { setTimeout as delay } from 'node:timers/promises';
import { renderReport } from '../../report/index.ts';
import type { RunView, RunWatch } from '../../runs/index.ts';
import { startReportServer } from '../../server/index.ts';
import { followRun } from '../follow-run.ts';
import { readWholeNumber } from '../read-options.ts';
import { reportOf } from '../report-of-run.ts';
import type { SharedOptions, TerminalSession } from '../terminal-session.ts';
import { defaultSeed } from './run.ts';

interface DemoOptions extends SharedOptions {
  readonly once?: boolean;
  readonly port?: string;
  readonly seed?: string;
}

const hour = 3_600_000;
const demoMarket = {
  symbols: ['SYN-A', 'SYN-B', 'SYN-C'],
  timeframe: '1h',
  start: Date.UTC(2024, 0, 1),
} as const;
const warmUpBars = 250;
const bars = 720;
/** A watched demo takes about a minute and a half: slow enough to see it happen. */
const pauseMs = 120;

/** Thirty days of three synthetic instruments under the desk `solar`. */
export async function demo(session: TerminalSession, options: DemoOptions): Promise<number> {
  const seed =
    options.seed === undefined ? defaultSeed : readWholeNumber('--seed', options.seed, 0, 2 ** 32 - 1);
  const port = options.port === undefined ? null : readWholeNumber('--port', options.port, 0, 65_535);
  const orrery = await session.orrery();
  const data = { kind: 'synthetic' as const, market: { ...demoMarket, bars: warmUpBars + bars } };
  const from = demoMarket.start + warmUpBars * hour;
  const request = { desk: 'solar', data, from, to: null, seed, record: true, run: null };
  if (options.once === true) return followRun(session, orrery, (watch) => orrery.run(request, watch));

  let shown: (() => string) | null = null;
  const server = await startReportServer({ port, render: () => shown?.() ?? waitingPage });
  session.say(`report at ${server.url}`);
  const play = async (watch: RunWatch) => {
    const ending = await orrery.run(request, watch);
    if (ending.kind === 'done') {
      shown = () => renderReport(reportOf(ending.view, ending.document, session.alerts), { live: false });
    }
    return ending;
  };
  const onReady = (view: RunView) => {
    shown = () => renderReport(reportOf(view, null, session.alerts), { live: true });
  };
  try {
    const exitCode = await followRun(session, orrery, play, { onReady, onStep: () => delay(pauseMs) });
    session.say(`The run is over; its report stays at ${server.url} until Ctrl-C.`);
    await interrupted();
    return exitCode;
  } finally {
    await server.close();
  }
}

const waitingPage =
  '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>Orrery</title><p>The desk is about to begin.</p>';

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve());
  });
}
