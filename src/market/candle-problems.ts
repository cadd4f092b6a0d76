import { type EpochMs, isoTime } from '../core/index.ts';
import { type FatalKind, fatalKinds, type RowFault } from './candle-rows.ts';

/** What a file may contain and still be loaded; a person should know about it. */
export type ReportedKind = 'hole' | 'zero-volume' | 'flat' | 'interval-mismatch' | 'jump';

export interface CandleProblem {
  readonly kind: FatalKind | ReportedKind;
  /** 1-based in the file. */
  readonly line: number;
  /** The row's open in ISO 8601; null when it could not be read or no row is meant. */
  readonly at: string | null;
  readonly detail: string;
}

/** Entries of one kind that are listed; the last of them counts what follows. */
const mostOfAKind = 100;

interface Entry {
  readonly problem: CandleProblem;
  lastLine: number;
  /** Further findings that this entry stands for. */
  more: number;
}

/**
 * Keeps the list readable for files with thousands of findings. Findings of a reported kind in neighbouring rows
 * become one entry that says how many there are and where they end; fatal ones, which somebody has to repair, stay
 * single. Beyond 100 entries of a kind, the last one counts the rest.
 */
export class CandleProblemList {
  readonly #entries = new Map<CandleProblem['kind'], Entry[]>();

  addFault(fault: RowFault): void {
    this.#add({ ...fault, at: fault.at === null ? null : isoTime(fault.at) }, false);
  }

  addReported(kind: ReportedKind, line: number, at: EpochMs | null, detail: string): void {
    this.#add({ kind, line, at: at === null ? null : isoTime(at), detail }, true);
  }

  /** True when a fatal problem is among them. */
  get fatal(): boolean {
    return fatalKinds.some((kind) => this.#entries.has(kind));
  }

  /** In the order of the file. */
  list(): CandleProblem[] {
    const entries = [...this.#entries.values()].flat();
    entries.sort((a, b) => a.problem.line - b.problem.line);
    return entries.map(({ problem, more, lastLine }) =>
      more === 0 ? problem : { ...problem, detail: `${problem.detail}; ${more} more up to line ${lastLine}` },
    );
  }

  #add(problem: CandleProblem, merges: boolean): void {
    const entries = this.#entries.get(problem.kind) ?? [];
    this.#entries.set(problem.kind, entries);
    const last = entries.at(-1);
    const rowBefore = last !== undefined && last.problem.at !== null && last.lastLine === problem.line - 1;
    const continues = merges && rowBefore && problem.at !== null;
    if (last !== undefined && (continues || entries.length === mostOfAKind)) {
      last.more++;
      last.lastLine = problem.line;
    } else entries.push({ problem, lastLine: problem.line, more: 0 });
  }
}
