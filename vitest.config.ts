import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.slow.test.ts', '**/*.native.test.ts'],
    reporters: ['default', './tooling/test-summary.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests start shard processes and workers of their own: two files at a time keep small machines honest.
    maxWorkers: 2,
  },
})
