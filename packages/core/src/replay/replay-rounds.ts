import { DsdError } from '../errors.ts'
import type { RecordedPass } from './recorded-pass.ts'

/** A round as it would have been decoded; times and bytes come from a cost model. */
export interface ReplayedRound {
  readonly index: number
  /** Position of the last committed token before the round. */
  readonly committedBefore: number
  readonly rows: number
  readonly forced: number
  readonly drafted: number
  readonly draftSteps: number
  /** Drafts that became text. What a tail keeps beyond the end of the text is not counted. */
  readonly accepted: number
  /** Tokens that became text: `accepted`, and the target's own token unless the text ended before it. */
  readonly committed: number
}

/**
 * The rounds of a fixed window of `gamma` drafts over a recorded text, exactly as decoding them would give under a
 * lossless rule whose text does not depend on what was drafted (`greedy`, `coupled`): a window is kept up to its first
 * mismatch with the text. `gamma` 0 is autoregressive decoding.
 *
 * @throws DsdError `bad-input` when the pass holds no text or its two lists differ in length.
 */
export function replayRounds(pass: RecordedPass, gamma: number): ReplayedRound[] {
  const { promptTokens, text, drafts, maxLength } = pass
  if (text.length === 0 || drafts.length !== text.length || promptTokens === 0) {
    throw new DsdError(`${text.length} tokens of text, ${drafts.length} drafts, ${promptTokens} tokens of prompt`, {
      kind: 'bad-input',
      where: 'recorded pass',
      fix: 'record the pass again',
    })
  }
  const rounds: ReplayedRound[] = []
  let done = 0
  while (done < text.length) {
    const committedBefore = promptTokens + done - 1
    // A window and the target's own token after it have to fit below maxLength.
    const drafted = Math.max(0, Math.min(gamma, maxLength - committedBefore - 2))
    const accepted = keptDrafts(pass, done, drafted)
    const forced = rounds.length === 0 ? committedBefore : 0
    const committed = Math.min(accepted + 1, text.length - done)
    rounds.push({
      index: rounds.length,
      committedBefore,
      rows: forced + 1 + drafted,
      forced,
      drafted,
      draftSteps: drafted,
      accepted,
      committed,
    })
    done += committed
  }
  return rounds
}

function keptDrafts({ text, drafts }: RecordedPass, from: number, most: number): number {
  let kept = 0
  while (kept < most && from + kept < text.length && drafts[from + kept] === text[from + kept]) kept++
  return kept
}
