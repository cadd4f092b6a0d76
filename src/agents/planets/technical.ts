import { type Timeframe, timeframeMs } from '../../core/index.ts';
import { EvidenceSheet } from '../evidence-sheet.ts';
import type { Moon } from '../moons/index.ts';
import type { Observations } from '../observations.ts';
import { addPosition } from '../position-evidence.ts';
import type { Domain } from './planet.ts';
import { decideTechnical } from './technical-rules.ts';

/** Reads the moons the desk gave it. While one of them warms up it has nothing to say. */
export function technicalDomain(observations: Observations, moons: readonly Moon[]): Domain {
  const warmUp = (timeframe: Timeframe) =>
    moons.reduce((longest, moon) => Math.max(longest, moon.warmUp(timeframeMs(timeframe))), 0);
  return {
    brief(situation) {
      const { instrument, index, bar, at } = situation;
      const sheet = new EvidenceSheet(at);
      sheet.add('close', bar.close, instrument.currency);
      const ready = index >= warmUp(instrument.timeframe);
      const critical: string[] = [];
      for (const reading of observations.readings(instrument.symbol, index, moons)) {
        if (reading.critical) critical.push(reading.name);
        if (reading.value === null) {
          sheet.lack(reading.name, ready ? 'absent' : 'warming-up');
        } else {
          sheet.add(
            reading.name,
            reading.value,
            reading.unit === 'price' ? instrument.currency : reading.unit,
          );
        }
      }
      addPosition(sheet, situation);
      const texts = { critical: critical.join(', ') || 'none' };
      return { briefing: { sheet, texts, critical }, ready };
    },
    rules: decideTechnical,
    proposes: true,
  };
}
