import type { Configuration } from '../configuration/index.ts';
import type { CandleStore } from '../market/index.ts';
import type { Checks } from './check-subjects.ts';
import type { Desks } from './find-desks.ts';
import type { Ensembles } from './invoke-ensembles.ts';
import type { ProviderKeys } from './keep-keys.ts';
import type { MovedRuns } from './move-runs.ts';
import type { ModelQuestions } from './question-models.ts';
import type { ArchiveReader } from './read-archive.ts';
import type { DeskRuns } from './run-desks.ts';
import type { StrategyTests } from './test-strategies.ts';

/**
 * The program as one object: what the command line and, later, the server call. Each use case declares its part beside
 * the function that makes it.
 */
export interface Orrery
  extends Desks,
    DeskRuns,
    Ensembles,
    StrategyTests,
    Checks,
    MovedRuns,
    ArchiveReader,
    ModelQuestions,
    ProviderKeys {
  readonly configuration: Configuration;
  readonly version: string;
  /** Candles kept under the home, by symbol. */
  readonly candles: CandleStore;
  reportPath(run: string): string;
}
