import type { EquityPoint, Fill, OrderRecord, Trade } from '../core/index.ts';
import { isoTime, runOf } from '../core/index.ts';
import type { JournalRecord } from '../journal/index.ts';

/** What `--json` prints of a record: times as ISO 8601, everything else as it is kept. */
export function recordDocument(record: JournalRecord) {
  const { recording: _recording, number: _number, outcome, ...rest } = record;
  return {
    ...rest,
    run: runOf(record.id),
    at: isoTime(record.at),
    evidence: record.evidence.map((item) => ({
      ...item,
      eventAt: isoTime(item.eventAt),
      knownAt: isoTime(item.knownAt),
    })),
    outcome:
      outcome === null
        ? null
        : {
            ...outcome,
            filledAt: outcome.filledAt === null ? null : isoTime(outcome.filledAt),
            closedAt: outcome.closedAt === null ? null : isoTime(outcome.closedAt),
          },
  };
}

export function orderDocument(order: OrderRecord) {
  return { ...order, at: isoTime(order.at) };
}

export function fillDocument(fill: Fill) {
  return { ...fill, at: isoTime(fill.at) };
}

export function tradeDocument(trade: Trade) {
  return { ...trade, openedAt: isoTime(trade.openedAt), closedAt: isoTime(trade.closedAt) };
}

export function equityDocument(point: EquityPoint) {
  return { ...point, at: isoTime(point.at) };
}
