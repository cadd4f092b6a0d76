import type { Turn } from './runner.ts';

/** Whatever has a signal, which may be made only when it is read. */
interface Ending {
  readonly signal: AbortSignal;
}

/** A turn that reads its signal only when its agent does. */
class LazyTurn implements Turn {
  readonly scope: Turn['scope'];
  readonly label: string;
  readonly spend: Turn['spend'];
  readonly onText: Turn['onText'];
  readonly deadlines: Turn['deadlines'];
  readonly #ending: Ending;

  constructor({ scope, label, spend, onText, deadlines }: Omit<Turn, 'signal'>, ending: Ending) {
    this.scope = scope;
    this.label = label;
    this.spend = spend;
    this.onText = onText;
    this.deadlines = deadlines;
    this.#ending = ending;
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }
}

/** A turn that ends when `ending` does. */
export function turnUntil(ending: Ending, parts: Omit<Turn, 'signal'>): Turn {
  return new LazyTurn(parts, ending);
}

/** The same turn but for what is given: a spread would leave out the signal. */
export function turnBut(turn: Turn, { scope, label, onText }: Partial<Turn>): Turn {
  const { spend, deadlines } = turn;
  return new LazyTurn(
    {
      scope: scope ?? turn.scope,
      label: label ?? turn.label,
      onText: onText === undefined ? turn.onText : onText,
      ...{ spend, deadlines },
    },
    turn,
  );
}
