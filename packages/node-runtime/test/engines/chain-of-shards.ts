import type { ShardCompute, ShardInput } from '@dsd-lab/core'

/** Logits of a whole model for a text, in one window. `[ids, vocab]` */
export async function logitsOf(shard: ShardCompute, ids: readonly number[]): Promise<Float32Array> {
  const session = shard.openSession()
  const output = await session.forward({ start: 0, input: { kind: 'ids', ids } })
  session.close()
  return output.kind === 'logits' ? output.logits : new Float32Array(0)
}

/** Shards in a row, without links between them. */
export function chainOf(shards: readonly ShardCompute[]) {
  const sessions = shards.map((shard) => shard.openSession())
  return {
    /** Logits of all rows. `[ids, vocab]` */
    async forward(start: number, ids: readonly number[]): Promise<Float32Array> {
      let input: ShardInput = { kind: 'ids', ids }
      for (const session of sessions) {
        const output = await session.forward({ start, input })
        if (output.kind === 'logits') return output.logits
        input = output
      }
      return new Float32Array(0)
    },
    async close(): Promise<void> {
      for (const session of sessions) session.close()
      await Promise.all(shards.map((shard) => shard[Symbol.asyncDispose]()))
    },
  }
}
