import { speedup } from '../statistics/index.ts'
import type { Variant } from '../store/schema.ts'
import type { Finding } from '../store/schema-claims.ts'
import { total } from '../summary/per-prompt.ts'
import { PAPER, type TestableClaim } from './claim.ts'
import { notTestable } from './not-testable.ts'
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
    const untestable = (because: string): Finding => notTestable({ conditions: items, because })
    if (bundled) return untestable('the bundled pair was trained for this bench')
    if (plain === undefined || strict === undefined || network === undefined)
      return untestable('the run has no plain or no strict arm')
    const text = (variant: string): string[] =>
      run.decodingsOf(variant, task).flatMap((decoding) => decoding.items.map((item) => item.text))
    const [ours, theirs] = [text(strict.id), text(plain.id)]
    if (ours.length !== theirs.length || ours.length === 0)
      return untestable(`${ours.length} answers of ${strict.label} stand beside ${theirs.length} of plain decoding`)
    const windows = await decodedWindows(samples, { strict, ours, theirs })
    if (windows.texts === 0)
      return untestable(
        'strict is replayed from the texts of plain decoding, alike by construction, and no live cell decoded any',
      )
    const value = speedup({ variant: samples.speed(strict, network), baseline: samples.speed(plain, network) })
    const isRefuted = windows.differing > 0 || value.high < 1
    const verdict = isRefuted ? 'refuted' : value.low > 1 ? 'reproduced' : 'not testable here'
    const same = `${windows.texts} of ${windows.texts} texts whose windows were decoded are those of plain decoding`
    const because = {
      reproduced: same,
      refuted:
        windows.differing > 0 ? `${windows.differing} ${windows.unit} differ` : 'it is slower than plain decoding',
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

/** Texts of strict whose windows were decoded, and how many of them are not those of plain decoding. */
interface DecodedWindows {
  readonly texts: number
  readonly differing: number
  /** What was counted as differing. */
  readonly unit: 'answers' | 'live cells'
}

/** Of a strict arm that is replayed from the plain texts, those of the live cells alone. */
async function decodedWindows(
  { run, task, strict: arms }: TaskSamples,
  {
    strict,
    ours,
    theirs,
  }: { readonly strict: Variant; readonly ours: readonly string[]; readonly theirs: readonly string[] },
): Promise<DecodedWindows> {
  if (run.decodingsOf(strict.id, task).some(({ method }) => method === 'decoded')) {
    const differing = ours.filter((answer, index) => answer !== theirs[index]).length
    return { texts: ours.length, differing, unit: 'answers' }
  }
  const lives = (await run.lives())
    .map(({ result }) => result)
    .filter(({ cell }) => cell.task === task && arms.some(({ id }) => id === cell.variant))
  const differing = lives.filter(({ identical }) => !identical).length
  return { texts: total(lives.map(({ items }) => items.length)), differing, unit: 'live cells' }
}
