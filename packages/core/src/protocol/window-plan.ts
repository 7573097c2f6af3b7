import type { Distribution } from '../distribution/distribution.ts'
import { DsdError } from '../errors.ts'
import type { TokenId } from '../tokens.ts'
import { chunkRows } from './chunks.ts'
import type { RoundId, WindowFrame } from './frames/frame.ts'
import type { Ledger } from './ledger.ts'

export interface WindowPlanRequest {
  readonly ledger: Ledger
  readonly drafted: readonly TokenId[]
  readonly laws?: readonly Distribution[] | undefined
  /** First position whose KV row the nodes may lack. */
  readonly replayFrom: number
  readonly maxRows: number
  /** Opens an epoch with its first window. */
  readonly newEpoch: boolean
  /** Travels with the first window when set. */
  readonly open?: Uint8Array | undefined
  /** Round id of the first window; `seq` counts up from it. */
  readonly first: RoundId
}

/** The windows of one round; more than one when a prompt or a replay is longer than `maxRows`. */
export function planWindows(request: WindowPlanRequest): WindowFrame[] {
  const { ledger, drafted, replayFrom, maxRows, first } = request
  if (drafted.length + 2 > maxRows) {
    throw new DsdError(`a window of ${drafted.length} drafted tokens needs ${drafted.length + 2} rows`, {
      kind: 'bad-input',
      where: 'gamma',
      fix: `draft at most ${maxRows - 2} tokens, the row limit of the nodes`,
    })
  }
  const chunks = chunkRows({ forced: ledger.last - replayFrom, drafts: drafted.length, maxRows })
  let start = replayFrom
  return chunks.map((rows, index) => {
    const own = index === chunks.length - 1 ? request : { ...request, drafted: [] }
    const window = windowAt(own, { start, rows, seq: first.seq + index })
    start += rows
    return window
  })
}

function windowAt(
  { ledger, drafted, laws, replayFrom, newEpoch, open, first }: WindowPlanRequest,
  { start, rows, seq }: { readonly start: number; readonly rows: number; readonly seq: number },
): WindowFrame {
  const { digests, ids: committed, last } = ledger
  const ids = [...committed.slice(start, start + rows), ...drafted]
  const leads = start === replayFrom
  return {
    ...first,
    type: 'window',
    seq,
    start,
    newEpoch: leads && newEpoch,
    forced: Math.min(last - start, rows),
    settled: Math.max(last - 1, 0),
    pre: digests.at(start) ?? 0n,
    post: digests.ahead(start, ids) ?? 0n,
    ids,
    ...(laws !== undefined && drafted.length > 0 && { laws }),
    ...(leads && open !== undefined && { open }),
    trailer: [],
  }
}
