import { existsSync } from 'node:fs';

const dist = new URL('../dist/', import.meta.url);

/** The parts as they are shipped: what runs the tests' sources adds work of its own to each function. */
export async function built() {
  if (!existsSync(dist)) throw new Error('dist is missing: npm run build');
  const part = (path: string) => import(new URL(path, dist).href);
  return {
    engine: (await part('engine/index.js')) as typeof import('../src/engine/index.ts'),
    ensemble: (await part('ensemble/index.js')) as typeof import('../src/ensemble/index.ts'),
    llm: (await part('llm/index.js')) as typeof import('../src/llm/index.ts'),
    orrery: (await part('orrery/index.js')) as typeof import('../src/orrery/index.ts'),
    strategies: (await part('strategies/index.js')) as typeof import('../src/strategies/index.ts'),
    testing: (await part('testing/index.js')) as typeof import('../src/testing/index.ts'),
    trading: (await part('trading/index.js')) as typeof import('../src/trading/index.ts'),
  };
}
