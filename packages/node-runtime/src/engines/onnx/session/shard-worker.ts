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
  /** Why the thread answers nothing any more. */
  #dead: DsdError | undefined

  private constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (reply: WorkerReply) => this.#receive(reply))
    worker.on('error', (cause: unknown) => this.#fail(threadError('failed', cause)))
    worker.on('exit', () => this.#fail(threadError('has ended')))
  }

  /**
   * @param script what the thread runs; default: the graph of `setup` on onnxruntime
   * @throws DsdError `environment` when onnxruntime or the graph cannot be loaded, or the thread ends before it is ready
   */
  static async start(setup: WorkerSetup, script: URL = workerScript()): Promise<ShardWorker> {
    const worker = new Worker(script, { workerData: setup, execArgv: [], transferList: [setup.graph.buffer] })
    try {
      const reply = await firstReply(worker)
      if (reply.kind === 'failed') throw failure(reply)
    } catch (error) {
      await worker.terminate()
      throw error
    }
    worker.unref()
    return new ShardWorker(worker)
  }

  /** @throws DsdError `environment` when the pass fails or the thread has ended, before it or meanwhile */
  async forward(session: number, job: ForwardJob): Promise<Float32Array> {
    if (this.#dead !== undefined) throw this.#dead
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

  #fail(error: DsdError): void {
    this.#dead ??= error
    for (const { reject } of this.#waiting.values()) reject(this.#dead)
    this.#waiting.clear()
  }
}

function firstReply(worker: Worker): Promise<WorkerReply> {
  return new Promise((replied, failed) => {
    worker.once('message', replied)
    worker.once('error', (cause) => failed(threadError('failed', cause)))
    worker.once('exit', (code) => failed(threadError(`ended with code ${code} before it was ready`)))
  })
}

const threadError = (what: string, cause?: unknown): DsdError =>
  new DsdError(`the thread of the onnx engine ${what}`, {
    kind: 'environment',
    where: 'engine onnx',
    fix: 'load the shard again',
    cause,
  })

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
