import type { EnsembleEvent, PreparedEnsemble } from '../ensemble/index.ts';
import { agentLines, endedLine, failedAlike, failedLine } from './agent-lines.ts';
import { type AgentState, noteEvent, waitingAgents } from './agent-states.ts';
import { displayWidth, forTerminal, type Terminal } from './terminal.ts';

/** Says how far the agents of an ensemble are, on stderr. */
export interface AgentsShown {
  watch(event: EnsembleEvent): void;
  /** To be called a few times a second: time passes without events, too. */
  redraw(): void;
  /** Prints a line of its own, which what is drawn never tears. */
  notice(text: string): void;
  /** Makes room for something else on the screen, until `show`. */
  hide(): void;
  show(): void;
  /** Leaves the last state standing. */
  end(): void;
}

export interface AgentsShownOptions {
  readonly prepared: Pick<PreparedEnsemble, 'plan'>;
  readonly title: string;
  readonly stream: { write(text: string): unknown };
  /** As it is now: a window changes its size. */
  readonly terminal: () => Terminal & { readonly rows: number };
  /** Monotonic milliseconds, such as `sinceProcessStartMs`. */
  readonly elapsedMs: () => number;
}

export function showAgents(options: AgentsShownOptions): AgentsShown {
  return options.terminal().interactive ? new DrawnAgents(options) : plainAgents(options);
}

const redrawMs = 100;
/** A thousand agents that are all well would push away what matters. */
const mostLeft = 60;

/** Lines that are drawn again in their place, at most ten times a second. */
class DrawnAgents implements AgentsShown {
  readonly #options: AgentsShownOptions;
  readonly #states: Map<string, AgentState>;
  readonly #beganMs: number;
  #drawn: readonly string[] = [];
  #drawnAt = Number.NEGATIVE_INFINITY;
  #hidden = false;

  constructor(options: AgentsShownOptions) {
    this.#options = options;
    this.#states = waitingAgents(options.prepared);
    this.#beganMs = options.elapsedMs();
  }

  watch(event: EnsembleEvent): void {
    noteEvent(this.#states, event, this.#options.elapsedMs());
    this.redraw();
  }

  redraw(): void {
    const at = this.#options.elapsedMs();
    if (this.#hidden || at - this.#drawnAt < redrawMs) return;
    this.#drawnAt = at;
    // Higher than the window, its top could never be reached again.
    this.#draw(Math.max(3, this.#options.terminal().rows - 1));
  }

  notice(text: string): void {
    const erased = this.#erased();
    const again = this.#drawn.map((line) => `${line}\n`).join('');
    this.#options.stream.write(`${erased}${text}\n${again}`);
  }

  hide(): void {
    if (this.#hidden) return;
    this.#hidden = true;
    const erased = this.#erased();
    if (erased !== '') this.#options.stream.write(erased);
    this.#drawn = [];
  }

  show(): void {
    this.#hidden = false;
    this.#drawnAt = Number.NEGATIVE_INFINITY;
    this.redraw();
  }

  end(): void {
    this.#draw(mostLeft);
    this.#drawn = [];
    this.#hidden = true;
  }

  #draw(most: number): void {
    const { title, terminal, elapsedMs, stream } = this.#options;
    const nowMs = elapsedMs();
    const erased = this.#erased();
    const shown = { title, nowMs, most, elapsedMs: nowMs - this.#beganMs };
    this.#drawn = agentLines({ ...shown, states: [...this.#states.values()] }, terminal());
    stream.write(`${erased}${this.#drawn.map((line) => `${line}\n`).join('')}`);
  }

  /** A window that became narrower has wrapped the lines that stand in it. */
  #erased(): string {
    if (this.#drawn.length === 0) return '';
    const { columns } = this.#options.terminal();
    const rows = this.#drawn.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / Math.max(1, columns))),
      0,
    );
    return `\r\x1b[${rows}A\x1b[J`;
  }
}

/**
 * For pipes and CI: a plain line when an agent ends, no cursor codes. Those that fail at about the same time for one reason share a
 * line.
 */
function plainAgents({ prepared, stream, terminal, elapsedMs }: AgentsShownOptions): AgentsShown {
  const states = waitingAgents(prepared);
  let alike: AgentState[] = [];
  const write = (line: string) => stream.write(`${forTerminal(terminal(), line)}\n`);
  const flush = () => {
    if (alike.length > 0) write(failedLine(alike));
    alike = [];
  };
  return {
    watch(event) {
      noteEvent(states, event, elapsedMs());
      if (event.kind !== 'agent-ended') return;
      const state = states.get(event.agent)!;
      if (alike[0] === undefined || !failedAlike(alike[0], state)) flush();
      if (failedAlike(state, state)) alike.push(state);
      else write(endedLine(state));
    },
    notice(text) {
      flush();
      stream.write(`${text}\n`);
    },
    ...{ redraw: flush, hide: flush, show: () => undefined, end: flush },
  };
}
