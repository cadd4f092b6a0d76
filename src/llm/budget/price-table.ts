import { join } from 'node:path';
import { z } from 'zod';
import { OrreryError } from '../../core/index.ts';
import { packageRoot } from '../../package.ts';
import { readYamlFile, refusal } from '../../yaml/index.ts';
import type { Price } from './price.ts';

/** What a file of prices says of one model. */
export interface PriceEntry extends Price {
  /** A provider's kind. */
  readonly provider: string;
  readonly model: string;
  /** `YYYY-MM-DD`, the last day the model knows about. */
  readonly knowledgeCutoff?: string;
  /** The page it was read on, and when. */
  readonly source?: string;
  readonly asOf?: string;
}

export interface PriceTable {
  /** Null where nobody stated a price. */
  find(kind: string, model: string): PriceEntry | null;
}

/** The prices that ship with the program. */
export const shippedPrices = join(packageRoot, 'prices.yaml');

const text = (meaning: string) => z.string().min(1).max(500).describe(meaning);
const date = z.iso.date().describe('a date such as 2025-03-31');
const usd = z.number().min(0).max(1e9).describe('dollars for a million tokens, from 0 to 1e9');

const entry = z.strictObject({
  provider: text("a provider's kind, such as anthropic"),
  model: text("a model's name"),
  input: usd,
  output: usd,
  cachedInput: usd.exactOptional(),
  cacheWrite: usd.exactOptional(),
  knowledgeCutoff: date.exactOptional(),
  source: text('the address of the page it was read on').exactOptional(),
  asOf: date.exactOptional(),
});

const schema = z.strictObject({
  unit: z.literal('usd-per-million-tokens').describe('usd-per-million-tokens'),
  prices: z.array(entry).superRefine((entries, context) => {
    const seen = new Set<string>();
    entries.forEach(({ provider, model }, at) => {
      if (!seen.has(`${provider} ${model}`)) seen.add(`${provider} ${model}`);
      else context.addIssue(refusal(twice(provider, model), [at, 'model']));
    });
  }),
});

const hint = 'docs/budgets.md shows the form of a file of prices.';

/**
 * Prices of these files; of two that price a model the later one holds. Within a file a model's own name comes before that of
 * which it is a dated snapshot.
 * @throws OrreryError `configuration-invalid` with file, line and column
 */
export function readPriceTable(files: readonly string[]): PriceTable {
  const layers: readonly (readonly PriceEntry[])[] = files.map(
    (file) => readYamlFile({ file, schema, code: 'configuration-invalid', hint }).prices,
  );
  return {
    find(kind, model) {
      for (const layer of [...layers].reverse()) {
        const own = layer.filter(({ provider }) => provider === kind);
        const found =
          own.find((one) => one.model === model) ?? own.find((one) => isSnapshot(model, one.model));
        if (found !== undefined) return found;
      }
      return null;
    },
  };
}

/** `claude-sonnet-4-5-20250929` of `claude-sonnet-4-5`, `gpt-5-mini-2025-08-07` of `gpt-5-mini`. */
function isSnapshot(model: string, of: string): boolean {
  return model.startsWith(of) && /^-20\d\d(\d{4}|-\d\d-\d\d)$/.test(model.slice(of.length));
}

function twice(provider: string, model: string): OrreryError {
  return new OrreryError('configuration-invalid', `${model} of ${provider} is priced twice; keep one`, {
    hint,
  });
}
