/** Ends a turn; calling it again does nothing. */
export type EndTurn = () => void;

/** One at a time, first come first served. */
export interface Turns {
  take(): Promise<EndTurn>;
}

export function createTurns(): Turns {
  let last = Promise.resolve();
  return {
    async take() {
      const before = last;
      let end: EndTurn = () => undefined;
      last = new Promise((resolve) => {
        end = resolve;
      });
      await before;
      return end;
    },
  };
}
