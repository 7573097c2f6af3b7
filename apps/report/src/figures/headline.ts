import type { Estimate, Quality, Speed, Variant } from '@dsd-lab/experiments/schema'
import { notInferior } from '@dsd-lab/experiments/statistics'
import type { RunPage } from '../page-data.ts'
import { representatives } from '../run/representatives.ts'
import { element } from './element.ts'
import { fixed, interval, network, points, ratio, times } from './number-format.ts'
import { comparedWith, qualityOf, speedOf } from './run-lookup.ts'
import type { Selection } from './selection.ts'

const LOSSLESS = 'a lossless rule: the text is that of plain decoding'

interface HeadlineNumber {
  readonly value: Estimate
  readonly label: string
  readonly note: string
  format(value: number): string
}

interface Measured {
  readonly variant: Variant
  readonly speed: Speed
  readonly quality: Quality
}

/** The numbers that answer the title, each with its interval; what they are measured on stands beneath. */
export function headline(run: RunPage, { task, condition }: Pick<Selection, 'task' | 'condition'>): HTMLElement {
  const { manifest, summary } = run
  const measured = representatives(manifest).flatMap((variant): Measured[] => {
    const speed = speedOf(run, { variant, task, condition })
    const quality = qualityOf(run, { variant, task })
    return speed && quality ? [{ variant, speed, quality }] : []
  })
  const items = measured[0]?.quality.items ?? 0
  const numbers = headlineNumbers(run, measured)
  return element('section', { class: numbers.length > 3 ? 'headline four' : 'headline', 'aria-label': 'Headline' }, [
    element(
      'dl',
      {},
      numbers.map(({ value, label, note, format }) =>
        element('div', {}, [
          element('dt', {}, [label]),
          element('dd', {}, [
            element('span', { class: 'big' }, [format(value.estimate)]),
            element('span', { class: 'interval' }, [interval(value, format === times ? ratio : format)]),
            element('span', { class: 'note' }, [note]),
          ]),
        ]),
      ),
    ),
    element('p', { class: 'definition' }, [
      `${task}, ${items} items, ${network(condition, manifest.conditions)}, virtual clock with ${condition.compute.kind} compute; 95 % intervals, paired by item. `,
      noiseText(summary.noiseFloor),
      ...(measured.some(({ quality }) => quality.accuracy === null) ? [`Answers to ${task} are not graded. `] : []),
      element('a', { href: `${run.data}/summary.json` }, ['summary.json']),
      ' · ',
      element('a', { href: `${run.data}/manifest.json` }, ['manifest.json']),
    ]),
  ])
}

function noiseText({ speedup, accuracyPoints }: RunPage['summary']['noiseFloor']): string {
  const speed = speedup === null ? undefined : `${fixed(speedup)}×`
  const accuracy = accuracyPoints === null ? undefined : `${fixed(accuracyPoints, 1)} points`
  const known = [speed, accuracy].filter((amount) => amount !== undefined).join(' and ')
  const told = known === '' ? '' : `by up to ${known} (95 %, unpaired, the largest over tasks and networks)`
  const untold = speed === undefined ? 'in speed by an amount that is not estimable from so few items' : ''
  return `Noise floor: two runs of the baseline on other items would differ ${[told, untold].filter((part) => part !== '').join(', ')}. `
}

function headlineNumbers(run: RunPage, measured: readonly Measured[]): HeadlineNumber[] {
  const { baseline } = run.manifest
  const numbers: HeadlineNumber[] = []
  const reference = measured.find(({ variant }) => variant.arm === baseline)
  const overAutoregressive = reference?.speed.speedupOverAutoregressive
  if (reference && overAutoregressive) {
    const { accuracy } = reference.quality
    numbers.push({
      value: overAutoregressive,
      label: `${reference.variant.label}, over autoregressive`,
      note: reference.variant.lossless
        ? LOSSLESS
        : accuracy === null
          ? 'not graded'
          : `accuracy ${fixed(100 * accuracy.estimate, 1)} %`,
      format: times,
    })
  }
  for (const { variant, speed, quality } of measured) {
    const isRival = variant.arm !== baseline && variant.decode === 'speculative' && variant.controls === undefined
    if (!isRival || !speed.speedupOverBaseline || numbers.length > 2) continue
    numbers.push({
      value: speed.speedupOverBaseline,
      label: `${variant.label}, over ${comparedWith(run, variant)}`,
      note: variant.lossless ? LOSSLESS : 'ms per token',
      format: times,
    })
    // The texts of a lossless rule are the same ones: nothing was measured by comparing them.
    if (variant.lossless || quality.versusBaseline === null) continue
    numbers.push({
      value: quality.versusBaseline.differencePoints,
      label: `Accuracy of ${variant.label}, against ${comparedWith(run, variant)}`,
      note: `points; ${inferiorityNote(quality.versusBaseline)}${controlNote(variant, measured)}`,
      format: points,
    })
  }
  return numbers
}

function inferiorityNote(versus: NonNullable<Quality['versusBaseline']>): string {
  const p = versus.holm?.nonInferiorityP ?? null
  const adjusted = p === null ? '' : `, p ${p < 0.001 ? 'below 0.001' : fixed(p, 3)} after Holm`
  return `${notInferior(versus) ? 'not inferior' : 'not shown non-inferior'} at a margin of ${fixed(versus.marginPoints, 0)}${adjusted}`
}

function controlNote({ id }: Variant, measured: readonly Measured[]): string {
  const control = measured.find(({ variant }) => variant.controls === id)?.quality.versusBaseline
  return control
    ? `; the random control: ${points(control.differencePoints.estimate)} ${interval(control.differencePoints, points)}`
    : ''
}
