/** The slice of vader-sentiment (untyped CommonJS) that is used here. */
declare module 'vader-sentiment' {
  interface PolarityScores {
    readonly neg: number;
    readonly neu: number;
    readonly pos: number;
    /** Sum of the valences, squeezed into -1 … 1. */
    readonly compound: number;
  }

  const vader: {
    readonly SentimentIntensityAnalyzer: { polarity_scores(text: string): PolarityScores };
  };
  export = vader;
}
