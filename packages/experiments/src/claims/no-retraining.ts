import { speedup } from '../statistics/index.ts'
import type { LiveResult } from '../store/schema.ts'
import type { Finding } from '../store/schema-claims.ts'
import { total } from '../summary/per-prompt.ts'
import { PAPER, type TestableClaim } from './claim.ts'
import type { TaskSamples } from './samples.ts'
import { networkText } from './wording.ts'

export const noRetraining: TestableClaim = {
  id: 'no-retraining',
  text: 'DSD needs no retraining and no change of architecture',
  source: PAPER,
  rule:
    'published checkpoints as they are, strict at the first window and network; reproduced if it is faster than plain decoding (95 % interval above 1) and every ' +
    'text whose windows were decoded is that of plain decoding, refuted if one differs or it is slower; an arm that is replayed from the plain texts ' +
    'counts by the texts of its live cells',
  readings: [
    { experiment: 'humaneval-qwen.ts', task: 'humaneval' },
    { experiment: 'gsm8k-qwen.ts', task: 'gsm8k' },
    { experiment: 'claim-speedup.ts', task: 'programs' },
  ],
  async judge(samples) {
    const { run, task } = samples
    const { models, conditions } = run.manifest
    const { plain } = samples
    const [strict] = samples.strict
    const [network] = conditions
    const items = `${task}, ${samples.prompts.length} items`
    const bundled = [models.target.ref, models.draft?.ref].some((ref) => ref?.startsWith('bundled:'))
    const untestable = (because: string): Finding => ({
      verdict: 'not testable here',
      measured: null,
      conditions: items,
      because,
      beside: [],
    })
    if (bundled) return untestable('the bundled pair was trained for this bench')
    if (plain === undefined || strict === undefined || network === undefined)
      return untestable('the run has no plain or no strict arm')
    const text = (variant: string): string[] =>
      run.decodingsOf(variant, task).flatMap((decoding) => decoding.items.map((item) => item.text))
    const [ours, theirs] = [text(strict.id), text(plain.id)]
    if (ours.length !== theirs.length || ours.length === 0)
      return untestable(`${ours.length} answers of ${strict.label} stand beside ${theirs.length} of plain decoding`)
    const isReplayed = run.decodingsOf(strict.id, task).every(({ method }) => method === 'replayed')
    const lives = isReplayed ? await livesOf(samples) : []
    if (isReplayed && lives.length === 0)
      return untestable(
        'strict is replayed from the texts of plain decoding, alike by construction, and no live cell decoded any',
      )
    const differing = isReplayed
      ? lives.filter(({ identical }) => !identical).length
      : ours.filter((answer, index) => answer !== theirs[index]).length
    const value = speedup({ variant: samples.speed(strict, network), baseline: samples.speed(plain, network) })
    const verdict = differing > 0 || value.high < 1 ? 'refuted' : value.low > 1 ? 'reproduced' : 'not testable here'
    const decoded = isReplayed ? total(lives.map(({ items }) => items.length)) : ours.length
    const same = `${decoded} of ${decoded} texts whose windows were decoded are those of plain decoding`
    const because = {
      reproduced: same,
      refuted:
        differing > 0
          ? `${differing} ${isReplayed ? 'live cells' : 'answers'} differ`
          : 'it is slower than plain decoding',
      'not testable here': `${same}, but the interval holds 1: more items are needed to decide`,
    }[verdict]
    return {
      verdict,
      measured: { what: `${strict.label} over plain decoding`, value, unit: 'x' },
      conditions: `${items}, ${networkText(network)}`,
      because,
      beside: [
        `digests: ${models.target.digest.slice(0, 12)}, ${models.draft?.digest.slice(0, 12) ?? 'no draft model'}`,
      ],
    }
  },
}

/** Live cells of lossless arms on the task. */
async function livesOf({ run, task, strict }: TaskSamples): Promise<LiveResult[]> {
  const results = (await run.lives()).map(({ result }) => result)
  return results.filter(({ cell }) => cell.task === task && strict.some(({ id }) => id === cell.variant))
}
