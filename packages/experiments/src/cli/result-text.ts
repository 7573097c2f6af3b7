import type { LiveResult, Manifest, Quality, Summary } from '../store/schema.ts'
import { accuracyTestsText } from './accuracy-tests-text.ts'
import { liveText } from './live-text.ts'
import { fixed, interval } from './number-text.ts'
import { spread, variantLabel } from './run-labels.ts'
import { speedText } from './speed-text.ts'
import { tableText } from './table.ts'

/** What a run found, for a terminal. Every estimate stands with its 95 % interval. */
export function resultText({
  manifest,
  summary,
  live,
  networks = 3,
}: {
  readonly manifest: Manifest
  readonly summary: Summary
  /** Of the cells over shard processes, those that were run. */
  readonly live: readonly LiveResult[]
  /** Most networks shown; the report has all. */
  readonly networks?: number
}): string {
  const shown = spread(manifest.conditions, networks)
  const hidden = manifest.conditions.length - shown.length
  const blocks = manifest.tasks.map(({ name, items }) => {
    const qualities = summary.quality.filter(({ task }) => task === name)
    const speeds = summary.speed.filter(({ task }) => task === name)
    const tests = accuracyTestsText(manifest, qualities)
    return [
      [`${name}, ${items} prompts`, qualityTable(manifest, qualities)].join('\n'),
      ...(tests === undefined ? [] : [tests]),
      speedText({ manifest, speeds, networks: shown }),
    ].join('\n\n')
  })
  const lives = liveText(manifest, live)
  return [
    [manifest.title, provenance(manifest), ...placementLines(manifest)].join('\n'),
    ...blocks,
    ...(hidden === 0
      ? []
      : [`${hidden} more ${hidden === 1 ? 'network' : 'networks'}: exp show ${manifest.runId} --all`]),
    ...(lives === undefined ? [] : [lives]),
    noiseText(summary.noiseFloor),
    ...summary.diagnoses.map(({ message }) => `note: ${message}`),
  ].join('\n\n')
}

function noiseText({ speedup, accuracyPoints }: Summary['noiseFloor']): string {
  const speed = speedup === null ? undefined : `${fixed(speedup, 2)} in speed-up`
  const accuracy = accuracyPoints === null ? undefined : `${fixed(accuracyPoints, 1)} points of accuracy`
  const known = [speed, accuracy].filter((amount) => amount !== undefined).join(' and ')
  const told = known === '' ? '' : `by up to ${known} (95 %, unpaired, the largest over tasks and networks)`
  const untold = speed === undefined ? 'in speed-up by an amount that is not estimable from so few prompts' : ''
  const amount = [told, untold].filter((part) => part !== '').join(', ')
  return `noise floor: two runs of the baseline on other prompts would differ ${amount}; the intervals above are paired by prompt`
}

/** With what the numbers were made; the manifest has the rest. */
function provenance({ engine, models, sampling, seeds }: Manifest): string {
  const drafter = models.draft?.ref ?? models.drafter
  const pair = drafter === undefined ? models.target.ref : `${models.target.ref} drafted by ${drafter}`
  const settings = Object.entries(sampling).map(([name, value]) => `${name} ${value}`)
  return [`${engine.name} ${engine.version}`, pair, ...settings, `seeds ${seeds.join(' ')}`].join(', ')
}

/** Who holds what, where the experiment declares its nodes one by one. */
function placementLines({ conditions }: Manifest): string[] {
  return (conditions[0]?.placement ?? []).map(({ layers: { from, to }, speed, memoryMb, weightsMb }, node) => {
    const memory = memoryMb === undefined ? '' : ` of ${memoryMb} MB`
    return `node ${node}: layers ${from} to ${to - 1}, ${weightsMb} MB of weights${memory}, speed ${speed}`
  })
}

function qualityTable({ variants, baseline }: Manifest, qualities: readonly Quality[]): string {
  return tableText({
    head: ['', 'accuracy %', `points against ${baseline}`, 'tokens a round', 'drafts kept %', 'relaxed %'],
    rows: qualities.map((quality) => {
      const variant = variants.find(({ id }) => id === quality.variant)
      const drafts = variant?.decode === 'speculative'
      return [
        `  ${variantLabel(variants, quality.variant)}`,
        quality.accuracy === null ? 'not graded' : interval(quality.accuracy, { digits: 0, scale: 100 }),
        quality.versusBaseline === null ? '-' : interval(quality.versusBaseline.differencePoints, { digits: 0 }),
        interval(quality.tokensPerRound, { digits: 2 }),
        drafts ? interval(quality.acceptance, { digits: 0, scale: 100 }) : '-',
        drafts ? fixed(100 * quality.relaxedRate, 1) : '-',
      ]
    }),
  })
}
