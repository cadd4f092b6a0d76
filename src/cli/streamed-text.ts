import { harmless } from './terminal.ts';

/** A text that is written to a terminal while it comes. */
export interface StreamedText {
  add(piece: string): void;
  /** Ends its line. @returns all that came */
  end(): string;
}

/** What does not stand alone waits for the next piece: the first half of a line break, or of a character. */
const unfinished = /[\r\ud800-\udbff]$/;

export function streamText(write: (text: string) => unknown): StreamedText {
  let whole = '';
  let held = '';
  let last = '\n';
  const put = (text: string) => {
    if (text === '') return;
    last = text.at(-1)!;
    write(harmless(text));
  };
  return {
    add(piece) {
      whole += piece;
      const text = held + piece;
      held = unfinished.exec(text)?.[0] ?? '';
      put(held === '' ? text : text.slice(0, -1));
    },
    end() {
      put(held);
      held = '';
      if (last !== '\n' && last !== '\r') write('\n');
      return whole;
    },
  };
}
