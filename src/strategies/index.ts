export { loadStrategy, strategyKey } from './load-strategy.ts';
export { mergeParams, strategyName } from './merge-params.ts';
export { shareParams } from './share-params.ts';
export { shippedStrategies } from './shipped.ts';
