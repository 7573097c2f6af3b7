import { speedup } from '../statistics/index.ts'
import { type Claim, PAPER } from './claim.ts'
import { TaskSamples } from './samples.ts'
import { networkText } from './wording.ts'

export const noRetraining: Claim = {
  id: 'no-retraining',
  text: 'DSD needs no retraining and no change of architecture',
  source: PAPER,
  rule:
    'published checkpoints as they are, strict at the first window and network; reproduced if it is faster than plain decoding (95 % interval above 1) and every ' +
    'answer is the same text, refuted if an answer differs or it is slower',
  readings: [
    { experiment: 'humaneval-qwen.ts', task: 'humaneval' },
    { experiment: 'gsm8k-qwen.ts', task: 'gsm8k' },
    { experiment: 'claim-speedup.ts', task: 'programs' },
  ],
  async judge(run, { task }) {
    const samples = new TaskSamples(run, task)
    const { models, conditions } = run.manifest
    const { plain } = samples
    const [strict] = samples.strict
    const [network] = conditions
    const items = `${task}, ${samples.prompts.length} items`
    const bundled = [models.target.ref, models.draft?.ref].some((ref) => ref?.startsWith('bundled:'))
    if (bundled || plain === undefined || strict === undefined || network === undefined) {
      const because = bundled ? 'the bundled pair was trained for this bench' : 'the run has no plain or no strict arm'
      return { verdict: 'not testable here', measured: null, conditions: items, because, beside: [] }
    }
    const text = (variant: string): string[] =>
      run.decodingsOf(variant, task).flatMap((decoding) => decoding.items.map((item) => item.text))
    const [ours, theirs] = [text(strict.id), text(plain.id)]
    const differing = ours.filter((answer, index) => answer !== theirs[index]).length
    const value = speedup({ variant: samples.speed(strict, network), baseline: samples.speed(plain, network) })
    return {
      verdict: differing > 0 || value.high < 1 ? 'refuted' : value.low > 1 ? 'reproduced' : 'not testable here',
      measured: { what: `${strict.label} over plain decoding`, value, unit: 'x' },
      conditions: `${items}, ${networkText(network)}`,
      because: differing === 0 ? 'every answer is the same text' : `${differing} answers differ`,
      beside: [
        `digests: ${models.target.digest.slice(0, 12)}, ${models.draft?.digest.slice(0, 12) ?? 'no draft model'}`,
      ],
    }
  },
}
