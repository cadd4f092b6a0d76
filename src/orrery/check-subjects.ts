import { nearestWord, OrreryError } from '../core/index.ts';
import type { DeskFile } from '../desk/index.ts';
import type { CheckDocument } from '../engine/index.ts';
import { checkDeskOnFiles, checkStrategyOnFiles } from '../runs/index.ts';
import { mergeParams, shippedStrategies } from '../strategies/index.ts';
import type { Desks } from './find-desks.ts';
import { namedStrategy } from './named-strategy.ts';
import { shippedPrompts } from './shipped-prompts.ts';
import type { StrategyRequest } from './test-strategies.ts';

export interface Checks {
  /**
   * Looks for what would make results worthless, such as a look into the future, in a strategy or in a desk as it decides
   * by rules. Asks no model, keeps nothing. `subject` is a name or an absolute path.
   * @throws OrreryError `desk-not-found` when it is neither
   */
  check(subject: string, request: StrategyRequest): Promise<CheckDocument>;
}

export function checkSubjects(desks: Desks): Checks {
  return {
    check: async (subject, request) =>
      namesStrategy(subject) ? checkStrategy(subject, request) : checkDesk(desks, subject, request),
  };
}

async function checkStrategy(source: string, request: StrategyRequest): Promise<CheckDocument> {
  const strategy = await namedStrategy(source);
  const params = mergeParams(source, strategy.code.params, request.params);
  return checkStrategyOnFiles({ ...request, params, strategy });
}

async function checkDesk(desks: Desks, subject: string, request: StrategyRequest): Promise<CheckDocument> {
  const { spec } = desks.openDesk(namedDesk(subject, desks.listDesks()));
  mergeParams(subject, {}, request.params);
  refuseFactors(subject, request);
  const { files, from, to } = request;
  return checkDeskOnFiles({ name: spec.name, spec, prompts: shippedPrompts(), files, from, to });
}

/** @throws OrreryError `usage-invalid` */
function refuseFactors(desk: string, { factors }: StrategyRequest): void {
  if (factors.length === 0) return;
  throw new OrreryError(
    'usage-invalid',
    `${desk} is a desk, which trades prices as they are: it takes no --factors`,
    {
      hint: 'Leave --factors out; it is for strategies.',
    },
  );
}

function namesStrategy(nameOrFile: string): boolean {
  return shippedStrategies.has(nameOrFile) || /\.[cm]?[jt]s$/.test(nameOrFile);
}

/** A desk's name or path as it is, unless it is a mere name that none bears. @throws OrreryError `desk-not-found` */
function namedDesk(nameOrPath: string, desks: readonly DeskFile[]): string {
  const names = desks.map(({ name }) => name);
  if (!/^[\w-]+$/.test(nameOrPath) || names.includes(nameOrPath)) return nameOrPath;
  const strategies = [...shippedStrategies.keys()];
  const near = nearestWord(nameOrPath, [...strategies, ...names]);
  throw new OrreryError('desk-not-found', `there is no strategy and no desk "${nameOrPath}"`, {
    hint: `${near === null ? '' : `Did you mean ${near}? `}Strategies: ${strategies.join(', ')}. Desks: ${names.join(', ')}. A path to a file of either works too.`,
  });
}
