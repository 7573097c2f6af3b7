import { defineConfig } from 'vitest/config'

/** `pnpm test:native`: the tests that need a package set up by `pnpm setup:native`. They say so and pass where it is not. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['test/**/*.native.test.ts'],
    reporters: ['verbose', '../../tooling/test-summary.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
