import type { LayerRange } from '../engines/decoder/decoder-weights.ts'
import type { LinkCheck } from '../links/link-check.ts'

/** What happens to a cluster, for a log or a progress display. */
export type ClusterEvent =
  | { readonly type: 'node-started'; readonly node: number; readonly pid: number; readonly layers: LayerRange }
  | { readonly type: 'links-checked'; readonly checks: readonly LinkCheck[] }
  /** `end`: how the process went, `exit code 1` or `SIGKILL`. */
  | { readonly type: 'node-lost'; readonly node: number; readonly end: string }
  | { readonly type: 'node-replaced'; readonly node: number; readonly pid: number }
  | { readonly type: 'closed' }
