import type { Divergence } from './grid.ts'
import { type Share, verifyShare } from './share.ts'

/** What a worker process tells: one comparison, the end, or its error. */
export type WorkerMessage =
  | { readonly kind: 'compared'; readonly nodes: number; readonly divergence: Divergence | undefined }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string }

const tell = (message: WorkerMessage): void => void process.send?.(message)

process.on('message', (share: Share) => {
  verifyShare(share, (divergence, nodes) => tell({ kind: 'compared', nodes, divergence }))
    .then(
      () => tell({ kind: 'done' }),
      (error: unknown) => tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
    )
    .finally(() => process.disconnect())
})
process.on('disconnect', () => process.exit(0))
