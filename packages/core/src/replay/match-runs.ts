import { DsdError } from '../errors.ts'
import type { RecordedPass } from './recorded-pass.ts'

/**
 * How many drafts in a row are the text from each place on: a window that begins there is kept so far, if it is long enough. `[text]`
 *
 * @throws DsdError `bad-input` when the pass holds no text or its two lists differ in length.
 */
export function matchRuns({ promptTokens, text, drafts }: RecordedPass): Int32Array {
  if (text.length === 0 || drafts.length !== text.length || promptTokens === 0) {
    throw new DsdError(`${text.length} tokens of text, ${drafts.length} drafts, ${promptTokens} tokens of prompt`, {
      kind: 'bad-input',
      where: 'recorded pass',
      fix: 'record the pass again',
    })
  }
  const runs = new Int32Array(text.length)
  let run = 0
  for (let place = text.length - 1; place >= 0; place--) {
    run = drafts[place] === text[place] ? run + 1 : 0
    runs[place] = run
  }
  return runs
}
