import { DsdError } from '@dsd-lab/core'
import { type FlipModels, loadFlipModels } from '../../importance/flips/flip-models.ts'
import { writeTexts } from '../../importance/flips/write-texts.ts'
import { decodeAlong } from './decode-along.ts'
import { decodeText } from './decode-text.ts'
import type { Job, JobProgress, JobRequest, JobResponse, JobResult } from './job.ts'
import { loadPair, type ModelPair } from './model-pair.ts'
import { recordText } from './record-text.ts'
import type { DecodedText } from './text-entry.ts'
import type { TokensCommitted } from './text-request.ts'

/** A process that does the work of the models, one job at a time. Ends with its parent. */
let pair: Promise<ModelPair> | undefined
let flipModels: Promise<FlipModels> | undefined

async function perform(job: Job, committed: TokensCommitted): Promise<JobResult> {
  switch (job.kind) {
    case 'load':
      pair = loadPair(job.pair)
      await pair
      return { kind: 'loaded' }
    case 'record':
      return { kind: 'text', text: await recordText(await loaded(), job.request, committed) }
    case 'decode':
      return { kind: 'text', text: await decode(job, committed) }
    case 'flip':
      flipModels ??= loadFlipModels(job.request.pair)
      return { kind: 'flipped', texts: await writeTexts(await flipModels, job.request, committed) }
  }
}

async function decode(
  { request, recorded }: Extract<Job, { kind: 'decode' }>,
  committed: TokensCommitted,
): Promise<DecodedText> {
  const models = await loaded()
  return recorded === undefined
    ? decodeText(models, request, committed)
    : decodeAlong(models, { recorded, request }, committed)
}

function loaded(): Promise<ModelPair> {
  if (pair === undefined) throw new RangeError('no models are loaded')
  return pair
}

function failure(error: unknown): JobResponse['outcome'] {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  const { kind, where, fix } = error instanceof DsdError ? error : {}
  return { ok: false, error: { message, stack, kind, where, fix } }
}

/** Adds up tokens and tells of them now and then, and at the end. */
function tokenCount(id: number): { readonly committed: TokensCommitted; readonly flush: () => void } {
  let tokens = 0
  let toldMs = performance.now()
  const flush = (): void => {
    if (tokens > 0) process.send?.({ id, tokens } satisfies JobProgress)
    tokens = 0
    toldMs = performance.now()
  }
  return {
    flush,
    committed(more) {
      tokens += more
      if (performance.now() - toldMs > TELL_EVERY_MS) flush()
    },
  }
}

const TELL_EVERY_MS = 500

process.on('message', ({ id, job }: JobRequest) => {
  const { committed, flush } = tokenCount(id)
  perform(job, committed)
    .then((result): JobResponse['outcome'] => ({ ok: true, result }), failure)
    .then((outcome) => {
      flush()
      process.send?.({ id, outcome } satisfies JobResponse)
    })
})
// The parent decides what an interrupt means; without it there is nobody to work for.
process.on('SIGINT', () => {})
process.on('disconnect', () => process.exit(0))
