import type { Notices } from '../core/index.ts';
import type { ChatError } from '../llm/index.ts';

/** Who asked whom. */
export interface Asking {
  /** `PROVIDER/MODEL` */
  readonly route: string;
  readonly provider: string;
  /** The agent's. */
  readonly role: string;
}

/** Tells how each question ended; null is an answer. */
export type NoteEnd = (asking: Asking, failure: ChatError | null) => void;

interface Failing {
  readonly provider: string;
  readonly isOut: boolean;
}

/**
 * One alert for each outage, however many questions it takes. A model that does not answer is out for everybody, and several
 * models of a provider that is down are one outage. One that talks nonsense to one agent may well answer the next, so
 * that lasts until this agent is answered. A spent budget is no outage: it is told once, and lasts.
 */
export function createOutageAlerts(notices: Notices): NoteEnd {
  const failing = new Map<string, Failing>();
  /** Models that have answered nobody since their alert. */
  const mute = new Set<string>();
  const spent = new Set<string>();
  return (asking, failure) => {
    const { route, provider, role } = asking;
    const nonsense = `${route} as ${role}`;
    if (failure === null) {
      for (const key of [route, nonsense]) failing.delete(key);
      mute.delete(route);
      return;
    }
    if (failure.code === 'budget-exceeded') {
      const budget = spentBudget(failure, role);
      if (!spent.has(budget)) notices.alert(inWords(asking, failure));
      spent.add(budget);
      return;
    }
    const isOut = failure.code === 'provider-failed';
    const key = isOut ? route : nonsense;
    const isPart = isOut
      ? [...failing.values()].some((one) => one.isOut && one.provider === provider)
      : mute.has(route);
    const known = failing.has(key) || isPart;
    failing.set(key, { provider, isOut });
    mute.add(route);
    if (!known) notices.alert(inWords(asking, failure));
  };
}

/** What is spent for one agent, or too little for its questions, may not be for the next. */
function spentBudget({ message }: ChatError, role: string): string {
  const limit = /llm\.budget\.(\w+)/.exec(message)?.[1] ?? '';
  return /Per(?:Run|Day)$/.test(limit) ? limit : `${limit} ${role}`;
}

/** What happened, what follows, and what a person can do about it. */
function inWords({ route, role }: Asking, failure: ChatError): string {
  const hint = failure.hint === null ? '' : ` ${failure.hint}`;
  return `${whatHappened(route, role, failure)}${hint}`;
}

function whatHappened(route: string, role: string, { code, message }: ChatError): string {
  switch (code) {
    case 'budget-exceeded':
      return `${message}. Agents go on without a model.`;
    case 'provider-refused':
      return `${route} refuses to answer ${role} (${message}). Agents fall back until it does.`;
    case 'answer-invalid':
      return `${route} answers, but nothing that can be used (${message}). Agents fall back until it does.`;
    case 'provider-failed':
      return `${route} does not answer (${message}). Agents fall back until it does.`;
  }
}
