import { resolveRule } from '@dsd-lab/acceptance'
import { type ActivationFormat, type LinkModel, remoteTarget, type Target } from '@dsd-lab/core'
import type { LayerRange } from '../engines/decoder/decoder-weights.ts'
import type { EngineInfo } from '../engines/shard-engine.ts'
import { type LinkCheck, type MeasuredLink, refuseWrongLinks } from '../links/link-check.ts'
import type { ModelSource } from '../models/model-source.ts'
import type { NodeCounters } from '../shard/messages.ts'
import type { TextTokenizer } from '../tokenizers/tokenizer.ts'
import type { Chain } from './chain.ts'
import { profileOf } from './chain-plan.ts'

/** A round must outlive the start of a new process, which takes seconds on a busy machine. */
const REPLACEMENT_MS = 20_000

/** One shard process of a cluster, for the manifest. */
export interface ClusterNode {
  readonly node: number
  readonly pid: number
  readonly layers: LayerRange
  readonly engine: EngineInfo
}

/** A target over shard processes of this machine. Dispose of it to end them. */
export interface LocalCluster extends Target {
  readonly tokenizer: TextTokenizer
  /** Head first, as they are now. `[nodes]` */
  readonly nodes: readonly ClusterNode[]
  /** As declared, return link last. `[nodes + 1]` */
  readonly links: readonly LinkModel[]
  /** Declared against measured, return link last; empty when not checked. `[nodes + 1]` */
  readonly linkCheck: readonly LinkCheck[]
  /** What each node has computed and refused so far. `[nodes]` */
  readCounters(): Promise<readonly NodeCounters[]>
  /** Pings every link as it is, emulation and real network together; between texts, for pings queue like frames. `[nodes + 1]` */
  measureLinks(): Promise<readonly MeasuredLink[]>
}

export interface ClusterParts {
  readonly chain: Chain
  readonly model: ModelSource
  /** As declared, return link last. `[nodes + 1]` */
  readonly links: readonly LinkModel[]
  /** Measure emulated links, and refuse to go on when one is off. */
  readonly selfCheck: boolean
  readonly activations: ActivationFormat
  readonly onNodeLoss: 'fail' | 'replace'
  readonly signal: AbortSignal | undefined
  /** What the chain rests on: closed with the cluster, when the cluster cannot be made, and when the signal aborts. */
  readonly behind: { close(): Promise<void> }
  /** Throws when the nodes are not as they have to be. Default: they are. */
  checkNodes?(): Promise<void>
  /** Told of the links before one that is off is refused. */
  onLinksChecked?(checks: readonly LinkCheck[]): void
}

/**
 * The cluster that a user holds, over a chain that is open. Disposing of it ends the texts, then what is behind them, whatever fails on
 * the way.
 *
 * @throws DsdError `environment` when a link is off, what `checkNodes` throws, the signal's reason when aborted; everything is closed then.
 */
export async function clusterOver(parts: ClusterParts): Promise<LocalCluster> {
  const { chain, model, links, selfCheck, signal, behind } = parts
  const end = () => void behind.close()
  const close = async () => {
    signal?.removeEventListener('abort', end)
    await behind.close()
  }
  try {
    signal?.addEventListener('abort', end, { once: true })
    signal?.throwIfAborted()
    await parts.checkNodes?.()
    const linkCheck = selfCheck && links.some(({ latencyMs }) => latencyMs > 0) ? await chain.checkLinks() : []
    if (linkCheck.length > 0) parts.onLinksChecked?.(linkCheck)
    refuseWrongLinks(linkCheck)
    const target = await targetOver(parts)
    const tokenizer = await model.tokenizer()
    signal?.throwIfAborted()
    return held({ chain, target, tokenizer, links, linkCheck, close })
  } catch (error) {
    await close()
    signal?.throwIfAborted()
    throw error
  }
}

/** The target behind a chain, as the loops see it. */
async function targetOver({ chain, model, activations, onNodeLoss }: ClusterParts): Promise<Target> {
  const { vocabSize, hiddenSize, maxLength, eos } = model.config
  return remoteTarget({
    name: `${model.ref} on ${chain.identities.length} shard processes`,
    transport: chain.transport,
    vocabSize,
    hiddenSize,
    activations,
    maxLength,
    eos,
    gen: chain.gen,
    modelDigest: [await model.digest(), ...chain.identities.slice(0, 1).map(profileOf)].join(' '),
    resolveRule,
    now: () => performance.now(),
    ...(onNodeLoss === 'replace' && { deadlineMs: REPLACEMENT_MS }),
  })
}

interface HeldParts extends Pick<LocalCluster, 'tokenizer' | 'links' | 'linkCheck'> {
  readonly chain: Chain
  readonly target: Target
  close(): Promise<void>
}

function held({ chain, target, close, ...facts }: HeldParts): LocalCluster {
  return {
    ...facts,
    info: target.info,
    virtualDraftStepMs: target.virtualDraftStepMs,
    resolveRule: target.resolveRule,
    open: (request) => target.open(request),
    get nodes() {
      return chain.identities.map(({ node, pid, layers, engine }) => ({ node, pid, layers, engine }))
    },
    readCounters: () => chain.readCounters(),
    measureLinks: () => chain.measureLinks(),
    async [Symbol.asyncDispose]() {
      try {
        await target[Symbol.asyncDispose]()
      } finally {
        await close()
      }
    },
  }
}
