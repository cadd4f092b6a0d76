import { defineConfig } from 'vitest/config';

const patience = { testTimeout: 60_000, hookTimeout: 60_000 };

// biome-ignore lint/style/noDefaultExport: Vitest reads the configuration from the default export.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/*.test.ts'],
          setupFiles: ['test/setup.ts'],
          ...patience,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/build-once.ts'],
          // Commands are processes of their own: two at a time keep two cores busy, more only make each other late.
          maxWorkers: 1,
          maxConcurrency: 2,
          sequence: { groupOrder: 1 },
          ...patience,
        },
      },
    ],
  },
});
