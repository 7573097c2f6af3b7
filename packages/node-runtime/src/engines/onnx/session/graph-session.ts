import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { names } from '../graph/value-names.ts'
import { KeyValueBuffers } from './key-value-buffers.ts'
import { RotationTable } from './rotation-table.ts'
import type { ForwardJob, WorkerSetup } from './worker-messages.ts'

/** What the engine uses of the package. */
export type OnnxRuntime = Pick<typeof import('onnxruntime-node'), 'InferenceSession' | 'Tensor'>

/** Longer inputs run in pieces of at most this many rows, which bounds the memory of activations. */
const CHUNK_ROWS = 256

/** One row alone would run through other kernels, with other bits, than the same row in a window. */
const LEAST_ROWS = 2

/** Past tensors of one text, and the same buffers as present ones: the graph writes in place. */
interface TextTensors {
  readonly buffers: KeyValueBuffers
  feeds: Readonly<Record<string, Tensor>>
  fetches: Readonly<Record<string, Tensor>>
}

/** A decoder graph on onnxruntime, with the caches of the texts that run through it. */
export class GraphSession {
  readonly #ort: OnnxRuntime
  readonly #session: InferenceSession
  readonly #setup: WorkerSetup
  readonly #rotations: RotationTable | undefined
  readonly #texts = new Map<number, TextTensors>()
  #spare = new Float32Array(0)

  private constructor(ort: OnnxRuntime, session: InferenceSession, setup: WorkerSetup) {
    this.#ort = ort
    this.#session = session
    this.#setup = setup
    this.#rotations = setup.frequencies && new RotationTable(setup.frequencies)
  }

  static async load(ort: OnnxRuntime, setup: WorkerSetup): Promise<GraphSession> {
    const session = await ort.InferenceSession.create(setup.graph, {
      executionProviders: ['cpu'],
      intraOpNumThreads: setup.threads,
      interOpNumThreads: 1,
      // Fusions of higher levels could differ between a shard's first layer and the same layer inside another shard.
      graphOptimizationLevel: 'basic',
      logSeverityLevel: 3,
      extra: {
        session: {
          model_external_initializers_file_folder_path: setup.dir,
          intra_op: { allow_spinning: setup.spinUs > 0 ? '1' : '0', spin_duration_us: String(setup.spinUs) },
          // onnxruntime counts cores from 1.
          ...(setup.cores.length > 0
            ? { intra_op_thread_affinities: setup.cores.map((core) => core + 1).join(';') }
            : {}),
        },
      },
    })
    return new GraphSession(ort, session, setup)
  }

  close(text: number): void {
    this.#texts.delete(text)
  }

  /** Runs rows through the layers. Hidden states `[rows, hidden]`, or at the tail logits `[rows - logitsFrom, vocab]`. */
  async forward(text: number, { start, hidden, rows, logitsFrom }: ForwardJob): Promise<Float32Array<ArrayBuffer>> {
    const { hiddenSize, vocabSize, tail } = this.#setup
    const out = new Float32Array(tail ? Math.max(0, rows - logitsFrom) * vocabSize : rows * hiddenSize)
    for (const { from, to } of pieces(rows)) {
      const count = Math.max(LEAST_ROWS, to - from)
      const x = new Float32Array(count * hiddenSize)
      x.set(hidden.subarray(from * hiddenSize, to * hiddenSize))
      const position = start + from
      if (!tail) {
        const states = to - from === count ? out.subarray(from * hiddenSize, to * hiddenSize) : this.#scratch(x.length)
        await this.#run(text, {
          position,
          count,
          x,
          outputs: { [names.hidden]: this.#tensor(states, [1, count, hiddenSize]) },
        })
        if (states.length > 0 && to - from < count)
          out.set(states.subarray(0, (to - from) * hiddenSize), from * hiddenSize)
        continue
      }
      const first = Math.min(to, Math.max(from, logitsFrom))
      const judged = Array.from({ length: to - first }, (_, i) => first - from + i)
      const padded = judged.length >= LEAST_ROWS ? judged : [...judged, ...Array(LEAST_ROWS - judged.length).fill(0)]
      const wanted = judged.length * vocabSize
      const at = (first - logitsFrom) * vocabSize
      const logits =
        padded.length === judged.length ? out.subarray(at, at + wanted) : this.#scratch(padded.length * vocabSize)
      await this.#run(text, {
        position,
        count,
        x,
        judged: padded,
        outputs: { [names.logits]: this.#tensor(logits, [1, padded.length, vocabSize]) },
      })
      if (padded.length > judged.length && wanted > 0) out.set(logits.subarray(0, wanted), at)
    }
    return out
  }

  async #run(
    text: number,
    run: {
      readonly position: number
      readonly count: number
      readonly x: Float32Array
      readonly judged?: readonly number[]
      readonly outputs: Readonly<Record<string, Tensor>>
    },
  ): Promise<void> {
    const total = run.position + run.count
    const { feeds, fetches } = this.#text(text, total)
    const inputs: Record<string, Tensor> = {
      ...feeds,
      [names.x]: this.#tensor(run.x, [1, run.count, this.#setup.hiddenSize]),
      [names.lastPosition]: new this.#ort.Tensor('int32', Int32Array.of(total - 1), [1]),
      [names.total]: new this.#ort.Tensor('int32', Int32Array.of(total), []),
    }
    if (run.judged !== undefined) {
      inputs[names.judged] = new this.#ort.Tensor('int64', BigInt64Array.from(run.judged, BigInt), [run.judged.length])
    }
    try {
      await this.#session.run(inputs, { [names.stop]: null, ...fetches, ...run.outputs })
    } catch (error) {
      if (!isStop(error)) throw error
    }
  }

  #text(text: number, positions: number): TextTensors {
    const known = this.#texts.get(text) ?? { buffers: new KeyValueBuffers(this.#setup), feeds: {}, fetches: {} }
    this.#texts.set(text, known)
    if (!known.buffers.reserve(positions)) return known
    const { kvHeads, headDim } = this.#setup
    const { keys, values, capacity } = known.buffers
    const feeds: Record<string, Tensor> = {}
    const fetches: Record<string, Tensor> = {}
    const shape = [1, kvHeads, capacity, headDim]
    for (const [layer, buffer] of keys.entries()) {
      const tensor = this.#tensor(buffer, shape)
      feeds[names.pastKeys(layer)] = tensor
      fetches[names.keys(layer)] = tensor
    }
    for (const [layer, buffer] of values.entries()) {
      const tensor = this.#tensor(buffer, shape)
      feeds[names.pastValues(layer)] = tensor
      fetches[names.values(layer)] = tensor
    }
    if (this.#rotations !== undefined) {
      this.#rotations.reserve(capacity)
      const { cosines, sines, pairs } = this.#rotations
      feeds[names.cosines] = this.#tensor(cosines, [cosines.length / pairs, pairs])
      feeds[names.sines] = this.#tensor(sines, [sines.length / pairs, pairs])
    }
    known.feeds = feeds
    known.fetches = fetches
    return known
  }

  /** Room for rows that only pad; kept, since a fresh megabyte a token keeps the garbage collector busy. */
  #scratch(length: number): Float32Array {
    if (this.#spare.length < length) this.#spare = new Float32Array(length)
    return this.#spare.subarray(0, length)
  }

  #tensor(values: Float32Array, shape: readonly number[]): Tensor {
    return new this.#ort.Tensor('float32', values, shape)
  }
}

/**
 * All outputs are written into our own buffers; then the binding would copy each of them into a fresh one. The first output is a
 * sequence, which it cannot convert: it stops there, after the run and before any copy.
 */
const isStop = (error: unknown): boolean => error instanceof Error && error.message.startsWith('Non tensor type')

/** Cuts rows into pieces, none of them of a single row if it can be helped. */
function pieces(rows: number): { readonly from: number; readonly to: number }[] {
  const out: { from: number; to: number }[] = []
  for (let from = 0; from < rows; ) {
    const rest = rows - from
    const count = rest === CHUNK_ROWS + 1 ? CHUNK_ROWS - 1 : Math.min(rest, CHUNK_ROWS)
    out.push({ from, to: from + count })
    from += count
  }
  return out
}
