import type { DsdErrorKind } from '@dsd-lab/core'
import type { FlipRequest, WrittenText } from '../../importance/flips/flip-request.ts'
import type { RecordedText } from './decode-along.ts'
import type { PairRequest } from './model-pair.ts'
import type { DecodedText } from './text-entry.ts'
import type { SpeculativeRequest, TextRequest } from './text-request.ts'

/** What a worker process can be asked to do; plain data. */
export type Job =
  | { readonly kind: 'load'; readonly pair: PairRequest }
  | { readonly kind: 'record'; readonly request: TextRequest }
  /** `recorded`: the text of plain decoding, where that is known. */
  | { readonly kind: 'decode'; readonly request: SpeculativeRequest; readonly recorded?: RecordedText }
  | { readonly kind: 'flip'; readonly request: FlipRequest }

export type JobResult =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'text'; readonly text: DecodedText }
  | { readonly kind: 'flipped'; readonly texts: readonly WrittenText[] }

export interface JobRequest {
  readonly id: number
  readonly job: Job
}

/** An error as it crosses the process border. */
export interface JobError {
  readonly message: string
  readonly stack: string | undefined
  /** Set when it was a `DsdError`. */
  readonly kind: DsdErrorKind | undefined
  readonly where: string | undefined
  readonly fix: string | undefined
}

/** While a job is under way: tokens committed since the last one of these. */
export interface JobProgress {
  readonly id: number
  readonly tokens: number
}

export interface JobResponse {
  readonly id: number
  readonly outcome: { readonly ok: true; readonly result: JobResult } | { readonly ok: false; readonly error: JobError }
}
