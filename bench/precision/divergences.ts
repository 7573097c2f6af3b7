import type { ShardEngine } from '@dsd-lab/node-runtime'

export interface DivergenceRequest {
  /** Its logits are what the others are compared with. */
  readonly reference: ShardEngine
  readonly engine: ShardEngine
  /** Texts of their own, each from an empty cache. */
  readonly texts: readonly (readonly number[])[]
}

/** One value a position. */
export interface Divergences {
  /** KL(reference || engine), nats. */
  readonly kl: readonly number[]
  /** 1 where both have the same most likely token, else 0. */
  readonly sameToken: readonly number[]
}

/** Rows whose logits are in memory at once. */
const PIECE_ROWS = 64

export async function divergences({ reference, engine, texts }: DivergenceRequest): Promise<Divergences> {
  const kl: number[] = []
  const sameToken: number[] = []
  const { vocabSize } = reference
  for (const ids of texts) {
    const sessions = [reference.openSession(), engine.openSession()]
    for (let start = 0; start < ids.length; start += PIECE_ROWS) {
      const input = { kind: 'ids', ids: ids.slice(start, start + PIECE_ROWS) } as const
      const logits: Float32Array[] = []
      for (const session of sessions) {
        const output = await session.forward({ start, input })
        if (output.kind === 'logits') logits.push(output.logits)
      }
      const [expected, found] = logits
      if (expected === undefined || found === undefined) throw new Error('a whole model ends in logits')
      for (let at = 0; at < expected.length; at += vocabSize) {
        const row = compare(expected.subarray(at, at + vocabSize), found.subarray(at, at + vocabSize))
        kl.push(row.kl)
        sameToken.push(row.sameToken ? 1 : 0)
      }
    }
    for (const session of sessions) session.close()
  }
  return { kl, sameToken }
}

function compare(expected: Float32Array, found: Float32Array): { kl: number; sameToken: boolean } {
  const p = normaliser(expected)
  const q = normaliser(found)
  let kl = 0
  for (let i = 0; i < expected.length; i++) {
    const logP = (expected[i] as number) - p.logSum
    const probability = Math.exp(logP)
    if (probability > 0) kl += probability * (logP - ((found[i] as number) - q.logSum))
  }
  return { kl: Math.max(0, kl), sameToken: p.best === q.best }
}

function normaliser(logits: Float32Array): { readonly best: number; readonly logSum: number } {
  let best = 0
  for (let i = 1; i < logits.length; i++) if ((logits[i] as number) > (logits[best] as number)) best = i
  const most = logits[best] as number
  let sum = 0
  for (const logit of logits) sum += Math.exp(logit - most)
  return { best, logSum: most + Math.log(sum) }
}
