import { OrreryError } from '../core/index.ts';
import type { MonteCarloRequest, SweepRange, WalkForwardDays } from '../engine/index.ts';
import { readNumber, readWholeNumber } from './read-options.ts';

/** Options of `orrery backtest` for more than one backtest. */
export interface SweepOptions {
  readonly sweep?: readonly string[];
  readonly workers?: string;
  readonly walkForward?: string;
  readonly monteCarlo?: string;
  readonly seed?: string;
  readonly trades?: boolean;
}

/** What is to be swept, and how. */
export interface SweepPlan {
  readonly ranges: readonly SweepRange[];
  /** Null for one on each core. */
  readonly workers: number | null;
  /** Null for one sweep over everything. */
  readonly windows: WalkForwardDays | null;
}

/**
 * @param params those that are given one value
 * @returns null where a single backtest is asked for
 * @throws OrreryError `usage-invalid`
 */
export function readSweep(options: SweepOptions, params: Readonly<Record<string, number>>): SweepPlan | null {
  const { sweep = [], workers, walkForward, monteCarlo, trades } = options;
  if (sweep.length === 0) {
    if (walkForward !== undefined) throw onlyWith('--walk-forward', '--sweep', 'Add --sweep fast=5..50:5.');
    if (workers !== undefined) throw onlyWith('--workers', '--sweep', 'A single backtest has one.');
    return null;
  }
  if (monteCarlo !== undefined) throw onlyWithout('--monte-carlo');
  if (trades === true) throw onlyWithout('--trades');
  const ranges = sweep.map(readRange);
  const both = ranges.find(({ name }) => Object.hasOwn(params, name));
  if (both !== undefined) {
    throw new OrreryError('usage-invalid', `the parameter ${both.name} is both swept and fixed`, {
      hint: `Leave out --param ${both.name} or --sweep ${both.name}.`,
    });
  }
  return {
    ranges,
    workers: workers === undefined ? null : readWholeNumber('--workers', workers, 1, 256),
    windows: walkForward === undefined ? null : readDays(walkForward),
  };
}

/** @throws OrreryError `usage-invalid` */
export function readMonteCarlo({ monteCarlo, seed }: SweepOptions): MonteCarloRequest | null {
  if (monteCarlo === undefined) return null;
  return {
    samples: readWholeNumber('--monte-carlo', monteCarlo, 1, 100_000),
    seed: seed === undefined ? 7 : readWholeNumber('--seed', seed, 0, 2 ** 32 - 1),
  };
}

function readRange(text: string): SweepRange {
  const [, name, from, to, step] = /^([A-Za-z]\w*)=(.+?)\.\.(.+):(.+)$/.exec(text) ?? [];
  if (name === undefined || from === undefined || to === undefined || step === undefined) {
    throw new OrreryError('usage-invalid', `--sweep: "${text}" is not NAME=FROM..TO:STEP`, {
      hint: 'Write --sweep fast=5..50:5.',
    });
  }
  const number = (value: string) => readNumber(`--sweep ${name}`, value, -1e15, 1e15);
  return { name, from: number(from), to: number(to), step: number(step) };
}

function readDays(text: string): WalkForwardDays {
  const [, train, test, embargo = '0'] = /^(\d+):(\d+)(?::(\d+))?$/.exec(text) ?? [];
  if (train === undefined || test === undefined) {
    throw new OrreryError('usage-invalid', `--walk-forward: "${text}" is not TRAIN:TEST[:EMBARGO] in days`, {
      hint: 'Write --walk-forward 365:90 or 365:90:5.',
    });
  }
  const days = (what: string, value: string, least: number) =>
    readWholeNumber(`--walk-forward, ${what}`, value, least, 100_000);
  return {
    train: days('TRAIN', train, 1),
    test: days('TEST', test, 1),
    embargo: days('EMBARGO', embargo, 0),
  };
}

function onlyWith(option: string, other: string, hint: string): OrreryError {
  return new OrreryError('usage-invalid', `${option} needs ${other}`, { hint });
}

function onlyWithout(option: string): OrreryError {
  return new OrreryError('usage-invalid', `${option} belongs to a single backtest, not to a sweep`, {
    hint: 'Test the best combination by --param.',
  });
}
