import { DsdError } from '@dsd-lab/core'
import { ImportanceFolder } from './importance-folder.ts'
import type { FlipKind, Label } from './schema.ts'

/** Measured labels of one text, as absolute positions, prompt included. */
export interface OracleText {
  readonly important: readonly number[]
  readonly unimportant: readonly number[]
}

/** By sequence, the place of the item in its task. */
export type OracleTable = Readonly<Record<number, OracleText>>

/**
 * The flips of a task as the table that an oracle rule reads. A text whose answer was wrong without a flip has no entry: none of its
 * mismatches was measured.
 *
 * @param folder of a finished measurement
 * @param flips `semi-greedy`, the default: positions in a text that keeps every harmless flip before them, of the items that were walked; it
 *   is the text that the rule decodes with windows as measured. `independent`: positions in the target's own greedy text, which hold
 *   until the first relaxed token.
 * @param targetDigest refuses labels of another target, where it is given
 * @throws DsdError `bad-input` when the folder holds no finished measurement, none of the task, or labels of another target.
 */
export async function oracleTable({
  folder,
  task,
  flips = 'semi-greedy',
  targetDigest,
}: {
  readonly folder: string
  readonly task: string
  readonly flips?: WalkableFlip
  readonly targetDigest?: string
}): Promise<OracleTable> {
  const measurement = new ImportanceFolder(folder)
  const manifest = await measurement.readManifest()
  if (manifest === undefined) {
    throw new DsdError('holds no measurement of importance', {
      kind: 'bad-input',
      where: folder,
      fix: 'make one with exp importance',
    })
  }
  const { target } = manifest.models
  if (targetDigest !== undefined && targetDigest !== target.digest) {
    throw new DsdError(`its labels are of ${target.ref} (${target.digest.slice(0, 8)}), not of this target`, {
      kind: 'bad-input',
      where: folder,
      fix: 'measure this target with exp importance',
    })
  }
  if (!manifest.tasks.some(({ name }) => name === task)) {
    throw new DsdError(`it has no labels of ${task}`, {
      kind: 'bad-input',
      where: folder,
      fix: `it measured ${manifest.tasks.map(({ name }) => name).join(', ')}`,
    })
  }
  const own = (await measurement.labels()).filter((label) => label.task === task && label.kind === flips)
  return Object.fromEntries(textsOfLabels(own, ({ sequence }) => sequence))
}

type WalkableFlip = Extract<FlipKind, 'independent' | 'semi-greedy'>

/** The positions of labels by the text that they are in, under the name that it is given. */
export function textsOfLabels<Name>(labels: readonly Label[], nameOf: (label: Label) => Name): Map<Name, OracleText> {
  const texts = new Map<Name, { readonly important: number[]; readonly unimportant: number[] }>()
  for (const label of labels) {
    const name = nameOf(label)
    const text = texts.get(name) ?? { important: [], unimportant: [] }
    text[label.important ? 'important' : 'unimportant'].push(label.position)
    texts.set(name, text)
  }
  return texts
}
