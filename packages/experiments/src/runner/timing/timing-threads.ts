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
  const threads = Array.from({ length: Math.min(availableParallelism(), requests.length) }, () =>
    watched(startThread()),
  )
  const stop = (): void => {
    for (const { worker } of threads) void worker.terminate()
  }
  signal.addEventListener('abort', stop)
  try {
    signal.throwIfAborted()
    await Promise.all(
      threads.map(async (thread) => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const result = await ask(thread, next)
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
    await Promise.all(threads.map(({ worker }) => worker.terminate()))
  }
}

/** A thread, and how it was lost: at any time, also while nothing is asked of it. */
interface Thread {
  readonly worker: Worker
  readonly lost: Promise<never>
}

async function ask({ worker, lost }: Thread, request: RetimeRequest): Promise<RetimedCells> {
  const answered = new Promise<TimingReply>((resolve) => worker.once('message', resolve))
  worker.postMessage(request)
  const reply = await Promise.race([answered, lost])
  if (reply.ok) return reply.result
  throw revived(reply)
}

function revived({ message, kind, where, fix }: Extract<TimingReply, { ok: false }>): Error {
  if (kind === undefined) return new Error(message)
  return new DsdError(message, {
    kind,
    ...(where === undefined ? {} : { where }),
    ...(fix === undefined ? {} : { fix }),
  })
}

function watched(worker: Worker): Thread {
  const lost = new Promise<never>((_, reject) => {
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`a timing thread ended with code ${code}`)))
  })
  // Whoever asks next is told; at the end nobody does.
  lost.catch(() => {})
  return { worker, lost }
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
