import { OrreryError } from '../../core/index.ts';
import type { JournalRecord } from '../../journal/index.ts';
import type { Archive } from '../../orrery/index.ts';
import { recordDocument } from '../record-documents.ts';
import { renderDecision } from '../render-decision.ts';
import type { SharedOptions, TerminalSession } from '../terminal-session.ts';

interface ShowOptions extends SharedOptions {
  readonly prompt?: boolean;
  readonly raw?: boolean;
  readonly evidence?: boolean;
  readonly parents?: boolean;
}

export async function showDecision(
  session: TerminalSession,
  options: ShowOptions,
  id: string,
): Promise<void> {
  const orrery = await session.orrery();
  await orrery.read(async (archive) => {
    const record = await archive.journal.findRecord(id);
    const parents = await findAll(archive, record.parents);
    const { prompt, answer } = await exchangeOf(archive, record);
    if (session.json) {
      session.printJson({
        ...recordDocument(record),
        prompt,
        answer,
        parentRecords: parents.map(recordDocument),
      });
      return;
    }
    const {
      evidence = false,
      parents: withParents = false,
      prompt: withPrompt = false,
      raw = false,
    } = options;
    const view = { decision: record, voices: parents, outcome: record.outcome, prompt, answer };
    session.print(
      renderDecision(
        view,
        { evidence, parents: withParents, prompt: withPrompt, raw },
        session.terminal('stdout'),
      ),
    );
  });
}

async function findAll({ journal }: Archive, ids: readonly string[]): Promise<readonly JournalRecord[]> {
  const found: JournalRecord[] = [];
  for (const id of ids) found.push(await journal.findRecord(id));
  return found;
}

/** What was asked and answered, word for word; nulls where no model was asked or nothing was recorded. */
async function exchangeOf(archive: Archive, { recording }: JournalRecord) {
  if (recording === null) return { prompt: null, answer: null };
  const found = await archive.recording(recording);
  if (found === null) {
    throw new OrreryError('recording-miss', `the recording ${recording} of this record is gone`, {
      hint: 'Somebody removed it from the database; the record itself is whole.',
    });
  }
  const prompt = found.request.messages.map(({ role, content }) => `${role}:\n${content}`).join('\n\n');
  const { outcome } = found;
  return { prompt, answer: outcome.kind === 'answer' ? outcome.text : `${outcome.code}: ${outcome.message}` };
}
