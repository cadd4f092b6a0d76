import { defineConfig } from 'vitest/config';

const patience = { testTimeout: 60_000, hookTimeout: 60_000 };

/** Of both kinds at once, by itself Vitest would leave one of two cores idle; more would make each other late. */
const maxWorkers = 2;

// biome-ignore lint/style/noDefaultExport: Vitest reads the configuration from the default export.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/*.test.ts', 'test/oracles/**/*.test.ts'],
          setupFiles: ['test/setup.ts'],
          // Modules are loaded once a worker, not once a file, which took as long as the tests. What a test changes
          // for the whole process it must put back.
          isolate: false,
          maxWorkers,
          ...patience,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/build-once.ts'],
          // Begins first: the many short files of the other kind then fill what is left of the time.
          maxWorkers,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
