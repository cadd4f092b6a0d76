import type { FakeBrain, FakeReply } from './fake-reply.ts';
import type { FakeFormat } from './fake-request.ts';

/** When a fault strikes, by the count of calls from 1. */
export interface ScheduledFault {
  readonly fault: FakeReply;
  /** The first call it strikes; 1 when left out. */
  readonly from?: number;
  /** The last; none when left out. */
  readonly to?: number;
  /** From the first on, each so-manieth; every one when left out. */
  readonly every?: number;
  /** Only in this format. */
  readonly format?: FakeFormat;
}

/** Answers as `brain` does but where the schedule has a fault; of several the first in the list strikes. */
export function withFaults(schedule: readonly ScheduledFault[], brain: FakeBrain): FakeBrain {
  return (request, call) => {
    const struck = schedule.find(
      ({ from = 1, to = Infinity, every = 1, format = request.format }) =>
        call >= from && call <= to && (call - from) % every === 0 && format === request.format,
    );
    return struck?.fault ?? brain(request, call);
  };
}
