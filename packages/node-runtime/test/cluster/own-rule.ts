import { correct, defineRule, registerRule } from '@dsd-lab/acceptance'
import { targetToken } from '@dsd-lab/core'

/** Rejects every draft: as slow as plain decoding, and easy to recognise. */
registerRule(
  defineRule({
    name: 'never-keep',
    parameters: {},
    create: () => ({ lossless: true, decide: (row) => correct(targetToken(row)) }),
  }),
)
