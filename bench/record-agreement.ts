/**
 * Records where the bundled pair agrees, for `exp advise` without a run: one line a text, 1 where the draft was the text.
 *
 *     node --import tsx bench/record-agreement.ts [--texts 40] > packages/experiments/src/advice/shipped-agreement.ts
 */
import { parseArgs } from 'node:util'
import { openModel } from '@dsd-lab/node-runtime'
import { recordBundledPair } from './recorded-passes.ts'

const { values } = parseArgs({ options: { texts: { type: 'string', default: '40' } } })
const [target, draft] = [await openModel('bundled:lab-target'), await openModel('bundled:lab-draft')]
const texts = await recordBundledPair(Math.ceil(Number(values.texts) / 2))
const record = {
  source: `${draft.ref} on ${texts.length} texts of ${target.ref} (word-problems, programs), temperature 0; ships with the lab`,
  digests: { target: await target.digest(), draft: await draft.digest() },
  hiddenSize: target.config.hiddenSize,
  texts: texts.map(({ item, pass }) => ({
    item,
    promptTokens: pass.promptTokens,
    matches: pass.text.map((token, place) => (pass.drafts[place] === token ? '1' : '0')).join(''),
  })),
}
console.log(`/** Where the bundled pair agrees: written by bench/record-agreement.ts. */
export const shipped = ${JSON.stringify(record, null, 1)}`)
