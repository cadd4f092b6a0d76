import { type CircuitState, sinceProcessStartMs } from '../core/index.ts';
import type { ChatModel, ChatRequest } from './chat.ts';
import { noChatCost } from './chat-cost.ts';
import { ChatError } from './chat-error.ts';

/** Questions in a row that must fail before a provider is left alone. */
const failuresToOpen = 5;
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
const firstTurnedAway = 2;
const mostTurnedAway = 256;
/** Where a probe fails as fast as this it costs nothing, so the next may come soon. */
const quickProbeMs = 1_000;
const mostTurnedAwayQuickly = 8;

export interface Circuit extends ChatModel {
  /** `closed`: asked as ever; `open`: left alone; `probing`: one question is under way to see whether it is back. */
  readonly state: CircuitState;
}

/**
 * A circuit breaker (Nygard, Release It!, 2007). After five questions in a row that the provider itself failed, questions are
 * turned away at once, until one of them is let through as a probe: an answer closes the circuit, a failure opens it again for
 * twice as long. A probe is due after a second (at most a minute), or once two questions were turned away (at most 256, and at
 * most 8 where the last one failed within a second), whichever comes first: a desk on history asks a thousand questions in the
 * time in which a live one asks none, and a short outage must not cost it the rest of the run. `onChange` hears of every change
 * of state.
 */
export function withCircuit(
  next: ChatModel,
  now: () => number = sinceProcessStartMs,
  onChange: (state: CircuitState) => void = () => undefined,
): Circuit {
  let state: CircuitState = 'closed';
  let failures = 0;
  let opened = 0;
  let probeAt = 0;
  let mayTurnAway = 0;

  function become(next: CircuitState): void {
    if (next === state) return;
    state = next;
    onChange(state);
  }

  function open(tookMs: number): void {
    const doubled = 2 ** opened++;
    become('open');
    probeAt = now() + Math.min(longestPauseMs, firstPauseMs * doubled);
    const most = tookMs < quickProbeMs ? mostTurnedAwayQuickly : mostTurnedAway;
    mayTurnAway = Math.min(most, firstTurnedAway * doubled);
  }

  function close(): void {
    become('closed');
    failures = 0;
    opened = 0;
  }

  return {
    get state() {
      return state;
    },
    async chat(request, call) {
      if (state === 'probing' || (state === 'open' && now() < probeAt && mayTurnAway-- > 0)) {
        throw leftAlone(request, failures);
      }
      const probes = state === 'open';
      if (probes) become('probing');
      const began = now();
      try {
        const response = await next.chat(request, call);
        close();
        return response;
      } catch (thrown) {
        if (isOutage(thrown)) {
          failures++;
          if (probes || (state === 'closed' && failures >= failuresToOpen)) open(now() - began);
        } else if (thrown instanceof ChatError) close();
        // Interrupted: nothing is known about the provider, so the next question probes.
        else if (probes) become('open');
        throw thrown;
      }
    },
  };
}

/** The provider is at fault, or does not let us in; a request that it finds wrong says nothing about the next one. */
function isOutage(thrown: unknown): boolean {
  if (!(thrown instanceof ChatError) || thrown.code !== 'provider-failed') return false;
  return thrown.retryable || thrown.status === 401 || thrown.status === 403;
}

function leftAlone({ provider }: ChatRequest, failures: number): ChatError {
  return new ChatError(
    'provider-failed',
    `${provider} failed ${failures} questions in a row, probes among them, and is left alone for a while`,
    {
      hint: 'It is asked again by itself; orrery llm ping shows whether it is back.',
      retryable: true,
      spent: { ...noChatCost, turnedAway: 1 },
    },
  );
}
