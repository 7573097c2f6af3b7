import { once } from 'node:events'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { DsdError } from '@dsd-lab/core'
import type { ForwardJob, WorkerReply, WorkerRequest, WorkerSetup } from './worker-messages.ts'

interface Waiting {
  resolve(values: Float32Array): void
  reject(error: unknown): void
}

/** The thread of one shard, as its owner sees it. Keeps the process alive only while something is being computed. */
export class ShardWorker {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #requests = 0

  private constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (reply: WorkerReply) => this.#receive(reply))
    worker.on('error', (cause: unknown) => this.#fail('the thread of the onnx engine failed', cause))
    worker.on('exit', () => this.#fail('the thread of the onnx engine has ended'))
  }

  /** @throws DsdError when onnxruntime or the graph cannot be loaded */
  static async start(setup: WorkerSetup): Promise<ShardWorker> {
    const worker = new Worker(workerScript(), {
      workerData: setup,
      execArgv: [],
      transferList: [setup.graph.buffer],
    })
    await once(worker, 'message')
      .then(([reply]: WorkerReply[]) => {
        if (reply?.kind === 'failed') throw failure(reply)
      })
      .catch(async (error: unknown) => {
        await worker.terminate()
        throw error
      })
    worker.unref()
    return new ShardWorker(worker)
  }

  forward(session: number, job: ForwardJob): Promise<Float32Array> {
    const id = this.#requests++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.ref()
      this.#send({ kind: 'forward', id, session, job })
    })
  }

  close(session: number): void {
    this.#send({ kind: 'close', session })
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate()
  }

  #send(request: WorkerRequest): void {
    this.#worker.postMessage(request)
  }

  #receive(reply: WorkerReply): void {
    if (reply.kind === 'ready' || reply.id === undefined) return
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if (this.#waiting.size === 0) this.#worker.unref()
    if (reply.kind === 'result') waiting?.resolve(reply.values)
    else waiting?.reject(failure(reply))
  }

  #fail(message: string, cause?: unknown): void {
    const error = new DsdError(message, {
      kind: 'environment',
      where: 'engine onnx',
      fix: 'load the shard again',
      cause,
    })
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}

const failure = ({ message }: Extract<WorkerReply, { kind: 'failed' }>): DsdError =>
  new DsdError(message.split('\n')[0] ?? message, { kind: 'environment', where: 'engine onnx' })

/**
 * Source or built: the worker has the extension of this file. A thread takes over no TypeScript loader from its process, so the
 * source is given one.
 */
function workerScript(): URL {
  const extension = extname(new URL(import.meta.url).pathname)
  const script = new URL(`./worker${extension}`, import.meta.url)
  if (extension !== '.ts') return script
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'))
  const source = `import { register } from ${loader}; register(); await import(${JSON.stringify(script.href)})`
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`)
}
