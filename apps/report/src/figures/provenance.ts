import type { Condition } from '@dsd-lab/experiments/schema'
import type { RunPage } from '../page-data.ts'
import { type Child, element } from './element.ts'
import { bytes, fixed, network, spoken } from './number-format.ts'

/** With what, on what and from which source the run was made: enough to make it again. */
export function provenance({ manifest, data }: RunPage): HTMLElement {
  const { models, engine, git, machine, seeds, sampling, tasks, versions, conditions } = manifest
  const model = (of: typeof models.target): string =>
    `${of.ref}, ${fixed(of.parameters / 1e6, 1)} M parameters, ${of.layers} layers, ${bytes(of.bytes)}, ${shortDigest(of.digest)}`
  const entries: [string, Child][] = [
    ['Experiment', `${manifest.file}, ${shortDigest(manifest.experimentDigest)}`],
    ['Made', manifest.createdAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
    [
      'Source',
      git === null
        ? 'not a git checkout'
        : `commit ${shortDigest(git.commit)}${git.dirty ? ', with uncommitted changes' : ''}`,
    ],
    ['Target', model(models.target)],
    ['Draft model', models.draft === null ? 'none' : model(models.draft)],
    ...(models.drafter === undefined ? [] : [['Drafter', models.drafter] satisfies [string, Child]]),
    [
      'Engine',
      `${engine.name} ${engine.version}; a row’s bits ${engine.rowInvariant ? 'do not depend' : 'depend'} on its window; ${engine.note}`,
    ],
    ['Tasks', tasks.map(taskText).join('; ')],
    ['Sampling', `${pairs(sampling)}; seeds ${seeds.join(', ')}`],
    ['Networks', conditions.map((condition) => network(condition, conditions)).join('; ')],
    ['Compute', [...new Set(conditions.map(({ compute }) => computeText(compute)))].join('; ')],
    [
      'Machine',
      `${machine.cpu}, ${machine.cores} cores, ${fixed(machine.memoryMb / 1024, 1)} GiB, ${machine.platform}`,
    ],
    ['Versions', pairs(versions)],
    [
      'Files',
      element('span', {}, [
        element('a', { href: `${data}/manifest.json` }, ['manifest.json']),
        ' · ',
        element('a', { href: `${data}/summary.json` }, ['summary.json']),
      ]),
    ],
  ]
  return element(
    'dl',
    { class: 'provenance' },
    entries.flatMap(([term, value]) => [element('dt', {}, [term]), element('dd', {}, [value])]),
  )
}

function taskText({ name, items, digest, prompt, data }: RunPage['manifest']['tasks'][number]): string {
  const asked =
    prompt === undefined ? '' : prompt === 'chat' ? ', asked through the chat template' : ', as texts to continue'
  const from =
    data === undefined || data.published
      ? ''
      : `, from data that differs from the published set, ${shortDigest(data.digest)}`
  return `${name}: ${items} items, ${shortDigest(digest)}${asked}${from}`
}

/** Enough to compare by eye; the manifest has the whole. */
const shortDigest = (digest: string): string => digest.replace(/^([a-z0-9]+:)?([0-9a-f]{12})[0-9a-f]+$/, '$1$2…')

const pairs = (record: Readonly<Record<string, string | number>>): string =>
  Object.entries(record)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

/** Of one network; a sweep may have several. */
function computeText({ kind, baseMs, perRowMs, draftStepMs }: Condition['compute']): string {
  return `${kind}: ${spoken(baseMs)} ms + ${spoken(perRowMs)} ms a row per node, ${spoken(draftStepMs)} ms a draft step`
}
