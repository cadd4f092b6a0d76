import { canonicalJson, type JsonValue } from '../../core/index.ts';

export interface Ballot {
  readonly value: JsonValue;
  /** 0 or more. */
  readonly weight: number;
}

export interface Count {
  /** Weight by value, the heaviest first. Words stand for themselves, other values as JSON. */
  readonly votes: { readonly [value: string]: number };
  /** Null when several are the heaviest. */
  readonly winner: JsonValue;
  /** Those that share the first place; none when one has it alone. */
  readonly tied: readonly JsonValue[];
  /** What each of the heaviest has of all weight, 0 … 1; 0 where nothing has weight. */
  readonly share: number;
}

/** The same for the same ballots in whatever order. At least one. */
export function countBallots(ballots: readonly Ballot[]): Count {
  const weights = new Map<string, { readonly value: JsonValue; readonly weights: number[] }>();
  for (const { value, weight } of ballots) {
    const name = nameOf(value);
    const entry = weights.get(name) ?? { value, weights: [] };
    entry.weights.push(weight);
    weights.set(name, entry);
  }
  const totals = [...weights].map(([name, entry]) => ({
    name,
    value: entry.value,
    total: sumOf(entry.weights),
  }));
  totals.sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1));
  const most = totals[0]!.total;
  const first = totals.filter(({ total }) => total === most).map(({ value }) => value);
  const all = sumOf(ballots.map(({ weight }) => weight));
  return {
    votes: Object.fromEntries(totals.map(({ name, total }) => [name, total])),
    winner: first.length === 1 ? first[0]! : null,
    tied: first.length === 1 ? [] : first,
    share: all === 0 ? 0 : Math.min(1, most / all),
  };
}

/** Sorted and to 12 digits: the order of numbers changes neither their sum nor who is tied. */
export function sumOf(numbers: readonly number[]): number {
  const sum = numbers.toSorted((a, b) => a - b).reduce((total, number) => total + number, 0);
  return Number(sum.toPrecision(12));
}

/** A word that reads as JSON keeps its quotes: "1" is not 1. */
function nameOf(value: JsonValue): string {
  if (typeof value !== 'string') return canonicalJson(value);
  try {
    JSON.parse(value);
    return JSON.stringify(value);
  } catch {
    return value;
  }
}
