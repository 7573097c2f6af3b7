/**
 * Records where the bundled pair agrees, for `exp advise` without a run: one line a text, 1 where the draft was the text. The file is
 * replaced when the record is whole.
 *
 *     node --import tsx bench/record-agreement.ts [--texts 40] [--out packages/experiments/data/shipped-agreement.json]
 */
import { parseArgs } from 'node:util'
import { openModel } from '@dsd-lab/node-runtime'
import { SHIPPED_AGREEMENT, shippedAgreementSchema } from '../packages/experiments/src/advice/shipped-agreement.ts'
import { writeAtomically } from '../packages/experiments/src/store/atomic-write.ts'
import { recordBundledPair } from './recorded-passes.ts'

const { values } = parseArgs({
  options: { texts: { type: 'string', default: '40' }, out: { type: 'string', default: SHIPPED_AGREEMENT } },
})
const [target, draft] = [await openModel('bundled:lab-target'), await openModel('bundled:lab-draft')]
const texts = await recordBundledPair(Math.ceil(Number(values.texts) / 2))
const record = shippedAgreementSchema.parse({
  source: `${draft.ref} on ${texts.length} texts of ${target.ref} (word-problems, programs), temperature 0; ships with the lab`,
  digests: { target: await target.digest(), draft: await draft.digest() },
  hiddenSize: target.config.hiddenSize,
  texts: texts.map(({ item, pass }) => ({
    item,
    promptTokens: pass.promptTokens,
    matches: pass.text.map((token, place) => (pass.drafts[place] === token ? '1' : '0')).join(''),
  })),
})
await writeAtomically(values.out, `${JSON.stringify(record, null, 2)}\n`)
console.log(`wrote ${values.out}`)
