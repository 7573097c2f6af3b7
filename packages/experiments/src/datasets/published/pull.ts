import { DsdError } from '@dsd-lab/core'
import type { DataSource } from './data-folder.ts'
import type { PublishedDataset } from './dataset.ts'
import { installData } from './install.ts'

/** The largest data set here has under a megabyte. */
const MOST_BYTES = 64 * 2 ** 20

export interface PullRequest {
  readonly dataset: PublishedDataset
  readonly unpinned: boolean
  readonly signal: AbortSignal
  /** Longest time without a byte, ms; default 30 000. */
  readonly stallMs?: number
}

/**
 * Fetches a data set from the Hugging Face hub: `$HF_ENDPOINT`, with the token of `$HF_TOKEN` where there is one.
 *
 * @throws DsdError `environment` when the hub cannot be reached, stops sending, or has no such file, else as `installData`.
 */
export async function pullData({ dataset, unpinned, signal, stallMs = 30_000 }: PullRequest): Promise<DataSource> {
  const { repository, path } = dataset.hub
  const { hubConnection } = await import('@dsd-lab/node-runtime')
  const { endpoint, token } = hubConnection(process.env)
  const address = `${endpoint}/datasets/${repository}/resolve/main/${path}`
  const bytes = await download({ dataset, address, token, signal, stallMs })
  return installData({ dataset, bytes, from: address, unpinned })
}

async function download({
  dataset,
  address,
  token,
  signal,
  stallMs,
}: {
  readonly dataset: PublishedDataset
  readonly address: string
  readonly token: string | undefined
  readonly signal: AbortSignal
  readonly stallMs: number
}): Promise<Uint8Array> {
  const fail = (message: string, cause?: unknown): DsdError =>
    new DsdError(message, {
      kind: 'environment',
      where: address,
      fix: `try again, or get the file another way and exp data add ${dataset.name} <file>`,
      cause,
    })
  const stalled = new AbortController()
  const timer = setTimeout(() => stalled.abort(), stallMs)
  try {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const response = await fetch(address, { headers, signal: AbortSignal.any([signal, stalled.signal]) })
    if (!response.ok || response.body === null) throw fail(`the hub answers ${response.status} ${response.statusText}`)
    return await bounded({ body: response.body, fail, onPart: () => timer.refresh() })
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof DsdError) throw error
    throw fail(stalled.signal.aborted ? `the hub sent nothing for ${stallMs} ms` : 'the hub cannot be reached', error)
  } finally {
    clearTimeout(timer)
  }
}

async function bounded({
  body,
  fail,
  onPart,
}: {
  readonly body: ReadableStream<Uint8Array>
  readonly fail: (message: string) => DsdError
  readonly onPart: () => void
}): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body) {
    onPart()
    length += part.byteLength
    if (length > MOST_BYTES) throw fail(`is larger than ${MOST_BYTES} bytes, and no data set`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}
