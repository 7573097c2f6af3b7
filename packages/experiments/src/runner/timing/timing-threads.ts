import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { DsdError, type DsdErrorKind } from '@dsd-lab/core'
import type { RetimedCells, RetimeRequest } from '../retime-decoding.ts'

export type TimingReply =
  | { readonly ok: true; readonly result: RetimedCells }
  | {
      readonly ok: false
      readonly message: string
      readonly kind: DsdErrorKind | undefined
      readonly where: string | undefined
      readonly fix: string | undefined
    }

/**
 * Lays decodings on networks in as many threads as there are cores, each taking the next one when it is free.
 *
 * @param done told of each as it is finished; what it returns is waited for
 * @throws what a thread had, or the reason of the signal; threads have ended then.
 */
export async function timeInThreads({
  requests,
  signal,
  done,
}: {
  readonly requests: readonly RetimeRequest[]
  readonly signal: AbortSignal
  readonly done: (result: RetimedCells) => Promise<void>
}): Promise<void> {
  const waiting = [...requests]
  const workers = Array.from({ length: Math.min(availableParallelism(), requests.length) }, () => startThread())
  const stop = (): void => {
    for (const worker of workers) void worker.terminate()
  }
  signal.addEventListener('abort', stop)
  try {
    signal.throwIfAborted()
    await Promise.all(
      workers.map(async (worker) => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const result = await ask(worker, next)
          signal.throwIfAborted()
          await done(result)
        }
      }),
    )
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

function ask(worker: Worker, request: RetimeRequest): Promise<RetimedCells> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off('message', answered)
      worker.off('error', failed)
      worker.off('exit', ended)
    }
    const answered = (reply: TimingReply): void => {
      settle()
      if (reply.ok) resolve(reply.result)
      else reject(revived(reply))
    }
    const failed = (error: unknown): void => {
      settle()
      reject(error)
    }
    const ended = (code: number): void => failed(new Error(`a timing thread ended with code ${code}`))
    worker.on('message', answered)
    worker.on('error', failed)
    worker.on('exit', ended)
    worker.postMessage(request)
  })
}

function revived({ message, kind, where, fix }: Extract<TimingReply, { ok: false }>): Error {
  if (kind === undefined) return new Error(message)
  return new DsdError(message, {
    kind,
    ...(where === undefined ? {} : { where }),
    ...(fix === undefined ? {} : { fix }),
  })
}

const extension = extname(fileURLToPath(import.meta.url))
const script = new URL(`./worker${extension}`, import.meta.url).href

/** From source a TypeScript loader comes first; threads do not take it over from the process. */
function startThread(): Worker {
  if (extension !== '.ts') return new Worker(new URL(script))
  const loader = import.meta.resolve('tsx/esm/api')
  const start = `import('${loader}').then(({ register }) => { register(); return import('${script}') })`
  return new Worker(start, { eval: true, execArgv: [] })
}
