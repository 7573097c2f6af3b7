import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.slow.test.ts', '**/*.native.test.ts'],
    reporters: ['default', './tooling/test-summary.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Tests start shard processes and workers of their own: one file at a time keeps live timings honest.
    maxWorkers: 1,
  },
})
