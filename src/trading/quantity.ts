import type { AssetClass } from '../core/index.ts';

/** Smallest tradable amount: whole shares, a millionth of a coin. */
const lotSize: { readonly [assetClass in AssetClass]: number } = { equity: 1, crypto: 1e-6 };

/** Rounds down to whole lots; 0 when less than one lot is left. */
export function roundToLot(quantity: number, assetClass: AssetClass): number {
  const lots = Math.floor(quantity / lotSize[assetClass] + 1e-9);
  if (lots <= 0) return 0;
  // Dividing by the reciprocal keeps 0.123456 free of the dust that multiplying by 1e-6 leaves.
  return assetClass === 'equity' ? lots : lots / 1_000_000;
}
