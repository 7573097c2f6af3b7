import { defineConfig } from 'vitest/config'

/** Minutes, not seconds: everything named `*.slow.test.ts`. */
export default defineConfig({
  test: {
    include: ['{packages,apps}/*/test/**/*.slow.test.ts', 'test/**/*.slow.test.ts'],
    reporters: ['default', './tooling/test-summary.ts'],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    maxWorkers: 1,
    passWithNoTests: false,
  },
})
