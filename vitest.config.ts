import { defineConfig } from 'vitest/config';
import { CountReporter } from './bin/src/count-reporter.ts';

export default defineConfig({
  test: {
    include: ['{bin,packages,adapters,apps,tools,tests}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    passWithNoTests: false,
    reporters: ['default', new CountReporter()],
  },
});
