/** The words of the program for somebody who opens a report for the first time, in reading order. */
export const glossary: readonly { readonly word: string; readonly meaning: string }[] = [
  {
    word: 'desk',
    meaning:
      'The whole trading team and its rule book, written in one YAML file: what is traded, who advises, which limits hold.',
  },
  {
    word: 'sun (chief)',
    meaning: 'The agent in the middle. It hears the others and makes the decision at each bar.',
  },
  {
    word: 'planet (domain agent)',
    meaning:
      'An adviser with one field, such as price patterns, news or risk. It gives a signal, and a proposal when it would trade.',
  },
  {
    word: 'moon (calculator)',
    meaning:
      'A piece of arithmetic that belongs to a planet, such as a moving average. It has no opinion; its readings are the numbers cited here.',
  },
  {
    word: 'signal · proposal · verdict · decision',
    meaning:
      'What an adviser thinks; the trade it would make; what the risk officer says to that trade; what the chief settles on.',
  },
  {
    word: 'BUY · SELL · HOLD · CLOSE',
    meaning: 'Go long, go short, leave things as they are, get out of the position.',
  },
  {
    word: 'long · short · flat',
    meaning:
      'Owning it, so that a rise pays; having sold it borrowed, so that a fall pays; not in the market.',
  },
  {
    word: 'confidence',
    meaning: 'How sure an agent says it is, from 0 to 1. It is a statement, not a measured probability.',
  },
  {
    word: 'by rules · by llm',
    meaning:
      'Who decided. “Rules” is written code; “llm” is a language model. “Fell back” means a model should have answered and failed.',
  },
  {
    word: 'evidence [technical.e1]',
    meaning:
      'A stored number that an agent cites by its id, here behind the agent’s name. The program prints the number, so no model can invent it.',
  },
  {
    word: 'missing',
    meaning:
      'An input that should have been there. It is never counted as zero, neutral or HOLD. Coverage is the share that was there.',
  },
  {
    word: 'guard',
    meaning:
      'Limits in code between a decision and the market. It may shrink or refuse an order, and no agent can overrule it.',
  },
  { word: 'stop', meaning: 'The price at which a position is given up. Every opening must carry one.' },
  {
    word: 'bar (candle)',
    meaning: 'Open, high, low and close of one stretch of time. Hollow: it closed higher. Filled: lower.',
  },
  { word: 'equity', meaning: 'Cash plus what the open positions are worth.' },
  { word: 'drawdown', meaning: 'How far equity stands below its highest point so far.' },
  {
    word: 'buy-and-hold',
    meaning:
      'Putting all the capital into the same instruments at the first bar and doing nothing. What a desk has to beat to be worth its trouble.',
  },
  {
    word: 'exposure-matched hold',
    meaning:
      'Holding with only as much money in the market as the desk had there on average. Tells good timing from simply risking less.',
  },
  {
    word: 'synthetic market',
    meaning:
      'Prices and news made up by the program from a seed. Good for showing how things work; says nothing about real money.',
  },
  {
    word: 'hash',
    meaning:
      'A fingerprint of all decisions. The same inputs give the same hash, so anybody can check a result.',
  },
];
