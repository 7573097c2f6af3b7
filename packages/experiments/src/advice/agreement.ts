import { DsdError, type RecordedPass } from '@dsd-lab/core'
import type { FoundRun } from '../store/runs-folder.ts'
import type { AgreedText } from '../store/schema.ts'
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
  const texts = (await folder.readAgreedTexts(manifest)).map(replayable)
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
    texts: texts.map(({ item, promptTokens, matches }, sequence) =>
      replayable({ item, sequence, promptTokens, matches, maxLength: promptTokens + matches.length + UNCUT }),
    ),
  }
}

/** Rounds hang on where drafts match, never on which tokens they are. */
function replayable({
  item,
  sequence,
  promptTokens,
  maxLength,
  matches,
}: Omit<AgreedText, 'task' | 'openingBytes'>): Agreement['texts'][number] {
  const drafts = [...matches].map(Number)
  return { item, sequence, pass: { promptTokens, text: drafts.map(() => 1), drafts, maxLength } }
}

/** The texts ended by themselves: no window is cut by a limit. */
const UNCUT = 64
