import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { GraphSession, type OnnxRuntime } from './graph-session.ts'
import { standBack } from './stand-back.ts'
import type { WorkerReply, WorkerRequest, WorkerSetup } from './worker-messages.ts'

/**
 * The thread that computes a shard: onnxruntime keeps its caller waiting, and sockets and timers must not wait. It imports nothing
 * that it does not compute with, because every thread has its own copy of all modules.
 */
const reply = (message: WorkerReply, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(message, transfer)

const failed = (id: number | undefined, error: unknown): void =>
  reply({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) })

const setup: WorkerSetup = workerData
if (setup.background) standBack()
try {
  const runtime: OnnxRuntime = createRequire(import.meta.url)('onnxruntime-node')
  const session = await GraphSession.load(runtime, setup)
  let turn = Promise.resolve()
  parentPort?.on('message', (request: WorkerRequest) => {
    turn = turn.then(() => answer(session, request))
  })
  reply({ kind: 'ready' })
} catch (error) {
  failed(undefined, error)
}

async function answer(session: GraphSession, request: WorkerRequest): Promise<void> {
  if (request.kind === 'close') return session.close(request.session)
  try {
    const values = await session.forward(request.session, request.job)
    reply({ kind: 'result', id: request.id, values }, [values.buffer])
  } catch (error) {
    failed(request.id, error)
  }
}
