import { resolveRule } from '@dsd-lab/acceptance'
import { type ActivationFormat, type LinkModel, remoteTarget, type Target } from '@dsd-lab/core'
import type { LayerRange } from '../engines/decoder/decoder-weights.ts'
import type { EngineInfo } from '../engines/shard-engine.ts'
import type { LinkCheck } from '../links/link-check.ts'
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
}

interface TargetParts {
  readonly chain: Chain
  readonly model: ModelSource
  readonly activations: ActivationFormat
  readonly onNodeLoss: 'fail' | 'replace'
}

/** The target behind a chain, as the loops see it. */
export async function targetOver({ chain, model, activations, onNodeLoss }: TargetParts): Promise<Target> {
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

interface ClusterParts extends Pick<LocalCluster, 'tokenizer' | 'links' | 'linkCheck'> {
  readonly chain: Chain
  readonly target: Target
  close(): Promise<void>
}

/** The cluster that a user holds: disposing of it ends the texts, then the processes, whatever fails on the way. */
export function clusterOver({ chain, target, close, ...facts }: ClusterParts): LocalCluster {
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
    async [Symbol.asyncDispose]() {
      try {
        await target[Symbol.asyncDispose]()
      } finally {
        await close()
      }
    },
  }
}
