import type { RuleSpec } from '@dsd-lab/core'
import type { Pass } from '../plan/pass-of.ts'
import { recordedFor } from '../plan/passes.ts'
import type { DecodingResult } from '../store/schema.ts'
import type { TextEntry } from './decode/text-entry.ts'
import { everyOne } from './every-one.ts'
import type { PassWork } from './pass-work.ts'
import { runPass } from './run-pass.ts'
import { readPass } from './take-over-texts.ts'
import { writeDecoding } from './write-decoding.ts'

/**
 * Does the work of the models that is not done yet, text by text, and writes every decoding that follows from it. A control waits for
 * the decodings that it takes its rate from; all else runs side by side.
 *
 * @throws the first failure, once nothing writes any more
 */
export async function runPasses(work: PassWork): Promise<DecodingResult[]> {
  const begun: Begun = { results: new Map(), texts: new Map() }
  try {
    for (const pass of work.plan.passes) await beginPass(work, pass, begun)
  } catch (error) {
    work.pool.abort(error)
    await Promise.allSettled([...begun.results.values(), ...begun.texts.values()])
    throw error
  }
  return everyOne([...begun.results.values()])
}

/** Work that is done or under way: decodings by their id, texts by that of their pass. */
interface Begun {
  readonly results: Map<string, Promise<DecodingResult>>
  readonly texts: Map<string, Promise<readonly TextEntry[]>>
}

async function beginPass(work: PassWork, pass: Pass, { results, texts }: Begun): Promise<void> {
  const { plan, folder, pool, progress } = work
  const decodings = plan.decodings.filter((decoding) => decoding.pass === pass.id)
  const known = await Promise.all(decodings.map(({ id }) => folder.readDecoding(id)))
  if (known.every((result) => result !== undefined)) {
    const entries = await readPass(folder.passFile(pass.id))
    for (const entry of entries) progress.textDone(pass, entry, false)
    texts.set(pass.id, Promise.resolve(entries))
    for (const result of known) results.set(result.decoding.id, Promise.resolve(result))
    return
  }
  const accept = ruleOf(pass, results)
  const along = recordedFor(pass, plan)
  const recorded = along === undefined ? undefined : texts.get(along.id)
  const entries = runPass({ ...work, pass, accept, ...(recorded && { recorded }) })
  texts.set(pass.id, entries)
  for (const decoding of decodings) {
    const made = writeDecoding({ ...work, decoding, accept, entries })
    // One failure ends all work; it is thrown above, once nothing writes any more.
    made.catch((error: unknown) => pool.abort(error))
    results.set(decoding.id, made)
  }
}

/** The rule of a pass; of a control with the measured rate, of a recorded pass null. */
async function ruleOf(pass: Pass, results: ReadonlyMap<string, Promise<DecodingResult>>): Promise<RuleSpec | null> {
  if (pass.rateOf === undefined) return pass.rule ?? null
  const copied = await Promise.all(pass.rateOf.map((id) => resultOf(results, id)))
  const items = copied.flatMap((result) => result.items)
  const relaxed = items.reduce((sum, item) => sum + item.relaxed, 0)
  const mismatches = items.reduce((sum, item) => sum + item.mismatches, 0)
  return { name: 'random-relaxation', rate: mismatches === 0 ? 0 : relaxed / mismatches }
}

function resultOf(results: ReadonlyMap<string, Promise<DecodingResult>>, id: string): Promise<DecodingResult> {
  const result = results.get(id)
  if (result === undefined) throw new RangeError(`decoding ${id} is needed before it was planned`)
  return result
}
