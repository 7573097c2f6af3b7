import { correct, defineRule, keep, registerRule, relax, resolveRule } from '@dsd-lab/acceptance'
import { judgeRun, sequenceNoise, targetToken } from '@dsd-lab/core'
import { z } from 'zod'

// Keeps a draft that the target holds to be nearly as likely as its own choice.
const nearMiss = defineRule({
  name: 'near-miss',
  parameters: { gapNats: z.number().gte(0).default(0.5).describe('a number of nats, at least 0') },
  create: ({ gapNats }) => ({
    lossless: false,
    decide(row) {
      const own = targetToken(row)
      if (row.drafted === own) return keep()
      const gap = Math.log(row.untempered.probabilityOf(own) / row.untempered.probabilityOf(row.drafted))
      return gap <= gapNats ? relax() : correct(own)
    },
  }),
})
registerRule(nearMiss)

// A window of two drafts over a vocabulary of three: the bonus row has no draft.
const window = {
  sampling: { temperature: 0 },
  vocabSize: 3,
  logits: Float32Array.of(2, 1.8, 0, /**/ 0, 0, 3, /**/ 1, 0, 0),
  firstPosition: 7,
  drafted: [1, 2],
  noise: sequenceNoise({ seed: 1, sequence: 0 }),
}
for (const spec of [nearMiss(), nearMiss({ gapNats: 0.1 })]) {
  const rule = resolveRule(spec, { vocabSize: 3, temperature: 0 })
  const { accepted, next, annotations } = judgeRun({ ...window, rule })
  const origins = annotations.map(({ origin }) => origin).join(', ')
  console.log(`${JSON.stringify(spec)} keeps ${accepted}, then token ${next}: ${origins}`)
}
