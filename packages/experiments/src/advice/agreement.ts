import { DsdError, type RecordedPass } from '@dsd-lab/core'
import { readPass } from '../runner/find-pass.ts'
import type { FoundRun } from '../store/runs-folder.ts'
import { readShippedAgreement } from './shipped-agreement.ts'

/** Where drafts agreed with texts, and whose they are. */
export interface Agreement {
  /** For people: models, tasks, where it was recorded. */
  readonly source: string
  readonly hiddenSize: number
  /** At least two texts, so that there is an interval. */
  readonly texts: readonly { readonly item: string; readonly sequence: number; readonly pass: RecordedPass }[]
}

/** @throws DsdError `bad-input` when the run holds fewer than two texts that were recorded with their drafts. */
export async function agreementOf({ folder, manifest }: FoundRun): Promise<Agreement> {
  const texts: Agreement['texts'][number][] = []
  for (const id of new Set(manifest.decodings.map(({ pass }) => pass))) {
    if (id === undefined) continue
    for (const { item, sequence, promptTokens, maxLength, drafts, events } of await readPass(folder.passFile(id))) {
      if (drafts === null) continue
      const text = events.flatMap((event) => (event.type === 'commit' ? event.tokens : []))
      texts.push({ item, sequence, pass: { promptTokens, text, drafts, maxLength } })
    }
  }
  if (texts.length < 2) {
    throw new DsdError('holds no recorded texts with drafts', {
      kind: 'bad-input',
      where: `run ${manifest.runId}`,
      fix: 'choose another with --run, one with a lossless speculative arm and a draft model',
    })
  }
  const { target, draft } = manifest.models
  return {
    source: `${draft?.ref ?? 'drafts'} on ${texts.length} texts of ${target.ref} (${manifest.tasks.map(({ name }) => name).join(', ')}), run ${manifest.runId}`,
    hiddenSize: target.hiddenSize ?? 0,
    texts,
  }
}

/**
 * What ships: the bundled pair on its own tasks, as drafts that were (1) or were not (0) the text.
 *
 * @throws DsdError as `readShippedAgreement`.
 */
export function shippedAgreement(): Agreement {
  const { source, hiddenSize, texts } = readShippedAgreement()
  return {
    source,
    hiddenSize,
    texts: texts.map(({ item, promptTokens, matches }, sequence) => {
      const drafts = [...matches].map(Number)
      const maxLength = promptTokens + drafts.length + UNCUT
      return { item, sequence, pass: { promptTokens, text: drafts.map(() => 1), drafts, maxLength } }
    }),
  }
}

/** The texts ended by themselves: no window is cut by a limit. */
const UNCUT = 64
