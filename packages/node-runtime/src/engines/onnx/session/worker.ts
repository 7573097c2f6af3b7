import { parentPort, workerData } from 'node:worker_threads'
import { DsdError } from '@dsd-lab/core'
import { loadOnnxRuntime } from '../onnx-package.ts'
import { GraphSession } from './graph-session.ts'
import type { WorkerReply, WorkerRequest, WorkerSetup } from './worker-messages.ts'

/** The thread that computes a shard: onnxruntime keeps its caller waiting, and sockets and timers must not wait. */
const reply = (message: WorkerReply, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(message, transfer)

const failed = (id: number | undefined, error: unknown): void =>
  reply({
    kind: 'failed',
    id,
    message: error instanceof Error ? error.message : String(error),
    error: error instanceof DsdError ? error.kind : 'environment',
  })

const setup: WorkerSetup = workerData
try {
  const session = await GraphSession.load(loadOnnxRuntime(), setup)
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
    reply({ kind: 'result', id: request.id, values }, [values.buffer as ArrayBuffer])
  } catch (error) {
    failed(request.id, error)
  }
}
