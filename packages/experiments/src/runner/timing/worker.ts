import { parentPort } from 'node:worker_threads'
import { DsdError } from '@dsd-lab/core'
import { type RetimeRequest, retimeDecoding } from '../retime-decoding.ts'
import type { TimingReply } from './timing-threads.ts'

/** A thread that lays decodings on networks, one at a time. */
parentPort?.on('message', (request: RetimeRequest) => {
  retimeDecoding(request)
    .then((result): TimingReply => ({ ok: true, result }))
    .catch((error: unknown): TimingReply => {
      const { kind, where, fix } = error instanceof DsdError ? error : {}
      return { ok: false, message: error instanceof Error ? error.message : String(error), kind, where, fix }
    })
    .then((reply) => parentPort?.postMessage(reply))
})
