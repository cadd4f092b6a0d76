import { defineConfig } from 'vitest/config';

/** Apart from the other tests, so that nothing but `npm run test:live` ever spends money. */
// biome-ignore lint/style/noDefaultExport: Vitest reads the configuration from the default export.
export default defineConfig({
  test: { name: 'live', include: ['test/live/**/*.test.ts'], testTimeout: 60_000, reporters: ['verbose'] },
});
