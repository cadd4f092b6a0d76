import type { Redact } from './redact.ts';

export interface RedactedPieces {
  /** Takes the next piece; hands on what no secret can begin in. */
  push(piece: string): void;
  /** Hands on the rest. Without it, as after a failure, the rest is never shown. */
  end(): void;
  /** All that was handed on. */
  readonly text: string;
}

/** Hands pieces of a text on redacted, although a secret may be split over several of them. */
export function redactPieces(redact: Redact, onText: (piece: string) => void): RedactedPieces {
  const reading = redact.begin();
  let text = '';
  const handOn = (piece: string) => {
    if (piece === '') return;
    text += piece;
    onText(piece);
  };
  return {
    push: (piece) => handOn(reading.push(piece)),
    end: () => handOn(reading.end()),
    get text() {
      return text;
    },
  };
}
