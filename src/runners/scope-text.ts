import { OrreryError } from '../core/index.ts';
import { type Scope, scopeAsJson } from '../ensemble/index.ts';

/** What a program or service is sent of a turn. @throws OrreryError `agent-failed` when it is nested without end */
export function scopeText(scope: Scope): string {
  try {
    return JSON.stringify(scopeAsJson(scope));
  } catch (cause) {
    throw new OrreryError('agent-failed', 'what it is to be given is nested too deep to be sent', {
      hint: 'Give the ensemble a flatter input.',
      cause,
    });
  }
}
