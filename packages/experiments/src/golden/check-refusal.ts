import { stat } from 'node:fs/promises'
import { DsdError } from '@dsd-lab/core'
import { type EngineName, openModel, type Precision } from '@dsd-lab/node-runtime'
import type { GoldenRefusal } from './golden-file.ts'
import { openShardChain } from './shard-chain.ts'

export interface RefusalRequest {
  readonly ref: string
  readonly golden: GoldenRefusal
  readonly engine: EngineName | undefined
  readonly precision: Precision
  readonly nodes: number
}

export interface RefusalVerdict {
  readonly passed: boolean
  /** What the loader said; undefined when it took the model. */
  readonly refusal: string | undefined
  /** Names that the golden file asks for and the refusal lacks. */
  readonly missing: readonly string[]
  /** Whether it was said before a weight was read. */
  readonly beforeWeights: boolean
}

/**
 * Passes when the model is refused as bad input, in one line, and that names what the golden file says.
 *
 * @throws DsdError when there is nothing at a path
 */
export async function checkRefusal({ ref, golden, ...request }: RefusalRequest): Promise<RefusalVerdict> {
  await requirePath(ref)
  const model = await openModel(ref).catch(refusalOf)
  if (typeof model === 'string') return verdict(model, golden, true)
  const loaded = await openShardChain({ ...request, model }).catch(refusalOf)
  if (typeof loaded === 'string') return verdict(loaded, golden, false)
  await loaded[Symbol.asyncDispose]()
  return { passed: false, refusal: undefined, missing: [], beforeWeights: false }
}

function verdict(refusal: string, { names = [] }: GoldenRefusal, beforeWeights: boolean): RefusalVerdict {
  const missing = names.filter((name) => !refusal.toLowerCase().includes(name.toLowerCase()))
  return { passed: missing.length === 0, refusal, missing, beforeWeights }
}

/** What was said; rethrown when it is no word on the model. */
function refusalOf(error: unknown): string {
  if (error instanceof DsdError && error.kind === 'bad-input' && !error.line.includes('\n')) return error.line
  throw error
}

/** A path with nothing there would be refused too, and prove nothing. */
async function requirePath(ref: string): Promise<void> {
  if (/^(hf|bundled):/.test(ref) || !/[\\/]|\.gguf$/.test(ref)) return
  await stat(ref).catch((cause: unknown) => {
    throw new DsdError('there is no model here', { kind: 'bad-input', where: ref, fix: 'check the path', cause })
  })
}
