import { answerFault } from './answer-fault.ts';
import type { ChatRequest } from './chat.ts';
import { type RecordedOutcome, wasTurnedAway } from './recording.ts';
import type { RecordingDatabase } from './recording-store.ts';

/** What one recorded exchange took, without its words. */
export interface RecordedCall {
  /** The number of the decision it was made for. */
  readonly number: number;
  readonly agent: string;
  /** Null when no provider was asked, as when the budget refused it. */
  readonly provider: string | null;
  readonly model: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  readonly cached: boolean;
  /** Nobody was asked. */
  readonly turnedAway: boolean;
  /** Somebody was asked, and no answer came that could be used. */
  readonly failed: boolean;
}

interface Row {
  readonly id: string;
  readonly scope: string;
  readonly request: string;
  readonly outcome: string;
}

const rowsPerPage = 1_000;

/** Every exchange a run has recorded, in flat memory. For figures: checksums are not looked at. */
export async function* recordedCalls(database: RecordingDatabase, run: string): AsyncGenerator<RecordedCall> {
  // The index is on (run, scope), so pages follow it.
  const sql = `select id, scope, request, outcome from orrery_recording
    where run = $1 and (scope, id) > ($2, $3) order by scope, id limit ${rowsPerPage}`;
  for (let last: Pick<Row, 'id' | 'scope'> = { id: '', scope: '' }; ; ) {
    const rows = await database.query<Row>(sql, [run, last.scope, last.id]);
    for (const row of rows) yield callOf(row);
    const end = rows.at(-1);
    if (end === undefined || rows.length < rowsPerPage) return;
    last = end;
  }
}

function callOf({ scope, request, outcome: text }: Row): RecordedCall {
  const outcome: RecordedOutcome = JSON.parse(text);
  const [number = '', agent = ''] = scope.split('.');
  return {
    ...{ number: Number(number), agent },
    ...{ provider: outcome.provider, model: outcome.model, costUsd: outcome.costUsd },
    ...{ inputTokens: outcome.promptTokens, outputTokens: outcome.responseTokens },
    cached: outcome.kind === 'answer' && outcome.cached === true,
    turnedAway: wasTurnedAway(outcome),
    failed: outcome.kind === 'failure' ? !wasTurnedAway(outcome) : isUnfit(request, outcome),
  };
}

function isUnfit(request: string, outcome: RecordedOutcome & { readonly kind: 'answer' }): boolean {
  const asked: Pick<ChatRequest, 'schema'> = JSON.parse(request);
  return answerFault(asked, outcome) !== null;
}
