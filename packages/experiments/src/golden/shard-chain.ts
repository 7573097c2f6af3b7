import { DsdError, type ShardInput, type TokenId } from '@dsd-lab/core'
import {
  type EngineName,
  type LayerRange,
  loadShard,
  type ModelSource,
  type Precision,
  placeLayers,
  type ShardEngine,
} from '@dsd-lab/node-runtime'

export interface ChainRequest {
  readonly model: ModelSource
  readonly engine: EngineName | undefined
  readonly precision: Precision
  /** Shards that the layers are really cut into. */
  readonly nodes: number
  readonly signal?: AbortSignal
}

/** The shards of a model in one process; hidden states pass from one to the next as they would over links. */
export interface ShardChain extends AsyncDisposable {
  readonly shards: readonly { readonly layers: LayerRange; readonly engine: EngineName }[]
  /** Begins a text. */
  open(): ChainSession
}

export interface ChainSession extends Disposable {
  /**
   * Computes rows from position `start` on and forgets every later one.
   *
   * @param logitsFrom first row whose logits are wanted
   * @returns logits of one row each `[vocab]`
   */
  forward(start: number, ids: readonly TokenId[], logitsFrom: number): Promise<Float32Array[]>
}

/** @throws DsdError when there are more nodes than layers, or a shard cannot be loaded */
export async function openShardChain({ model, engine, precision, nodes, signal }: ChainRequest): Promise<ShardChain> {
  const shards: ShardEngine[] = []
  const dispose = async (): Promise<void> => {
    for (const shard of shards) await shard[Symbol.asyncDispose]()
  }
  try {
    for (const layers of placeLayers({ layers: model.config.layers, speeds: new Array<number>(nodes).fill(1) })) {
      signal?.throwIfAborted()
      shards.push(await loadShard({ model, engine, layers, precision }))
    }
  } catch (error) {
    await dispose()
    throw error
  }
  return {
    shards: shards.map(({ layers, engine: { name } }) => ({ layers, engine: name })),
    open: () => openSession(shards, model.config.vocabSize),
    [Symbol.asyncDispose]: dispose,
  }
}

function openSession(shards: readonly ShardEngine[], vocabSize: number): ChainSession {
  const sessions = shards.map((shard) => shard.openSession())
  return {
    async forward(start, ids, logitsFrom) {
      let input: ShardInput = { kind: 'ids', ids: [...ids] }
      for (const session of sessions) {
        const output = await session.forward({ start, input, logitsFrom })
        if (output.kind === 'logits') {
          const { logits, rows } = output
          return Array.from({ length: rows }, (_, row) => logits.slice(row * vocabSize, (row + 1) * vocabSize))
        }
        input = output
      }
      throw new DsdError('the last shard gave no logits', { kind: 'protocol' })
    },
    [Symbol.dispose]() {
      for (const session of sessions) session.close()
    },
  }
}
