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
 * that lasts until this agent is answered.
 */
export function createOutageAlerts(notices: Notices): NoteEnd {
  const failing = new Map<string, Failing>();
  /** Models that have answered nobody since their alert. */
  const mute = new Set<string>();
  return ({ route, provider, role }, failure) => {
    const nonsense = `${route} as ${role}`;
    if (failure === null) {
      for (const key of [route, nonsense]) failing.delete(key);
      mute.delete(route);
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
    if (!known)
      notices.alert(`${route} does not answer (${failure.message}). Agents fall back until it does.`);
  };
}
