import type { CheckFinding, CheckResult, Compared } from './check-finding.ts';
import type { RunInstrument } from './run-document.ts';

/** What was looked at. */
export interface CheckHead {
  readonly name: string;
  readonly kind: 'strategy' | 'desk';
  readonly instruments: readonly RunInstrument[];
  /** That were decided on, over all instruments. */
  readonly bars: number;
}

/** What `orrery check --json` prints. */
export interface CheckDocument extends CheckHead {
  /** No finding is a fault. */
  readonly ok: boolean;
  /** Faults first. */
  readonly findings: readonly CheckFinding[];
  readonly compared: Compared;
}

export function checkDocument(head: CheckHead, results: readonly CheckResult[]): CheckDocument {
  const findings = results.flatMap((result) => result.findings);
  const of = (severity: CheckFinding['severity']) =>
    findings.filter((finding) => finding.severity === severity);
  const total = (amount: keyof Compared) => results.reduce((sum, { compared }) => sum + compared[amount], 0);
  return {
    ...head,
    ok: of('fault').length === 0,
    findings: [...of('fault'), ...of('note')],
    compared: {
      cuts: total('cuts'),
      lines: total('lines'),
      orders: total('orders'),
      records: total('records'),
    },
  };
}
