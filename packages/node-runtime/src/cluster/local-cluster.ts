import { resolveRule } from '@dsd-lab/acceptance'
import {
  type ActivationFormat,
  checkNodeCount,
  DsdError,
  type LinkModel,
  remoteTarget,
  type Target,
} from '@dsd-lab/core'
import type { LayerRange } from '../engines/decoder/decoder-weights.ts'
import type { Precision } from '../engines/precision.ts'
import type { EngineInfo, EngineName } from '../engines/shard-engine.ts'
import { type LinkCheck, refuseWrongLinks } from '../links/link-check.ts'
import { parseLinks } from '../links/link-spec.ts'
import type { LinkChoice } from '../links/profiles.ts'
import { type ModelSource, openModel } from '../models/model-source.ts'
import type { NodeCounters } from '../shard/messages.ts'
import { importRules, moduleUrl } from '../shard/rule-modules.ts'
import type { TextTokenizer } from '../tokenizers/tokenizer.ts'
import type { Chain } from './chain.ts'
import { profileOf } from './chain-plan.ts'
import type { ClusterEvent } from './cluster-events.ts'
import { measureSpeeds } from './measure-speeds.ts'
import { placeLayers } from './place-layers.ts'
import { Supervisor } from './supervisor.ts'

/** A round must outlive the start of a new process, which takes seconds on a busy machine. */
const REPLACEMENT_MS = 20_000

export interface LocalClusterOptions {
  /** `bundled:lab-target`, or a model folder. */
  readonly model: string
  /** Shard processes, 1 to the number of layers. */
  readonly nodes: number
  /** Layers of each node, head first; contiguous, all of them. Default: placed by `speeds`. `[nodes]` */
  readonly layers?: readonly LayerRange[] | undefined
  /**
   * Profile name, numbers, or one of them for each link: coordinator to head, head to next, ..., tail to coordinator
   * `[nodes + 1]`. Default: no emulation, loopback as it is.
   */
  readonly link?: LinkChoice | readonly LinkChoice[]
  /** Engine of every node. Default: chosen for the model. */
  readonly engine?: EngineName
  /** How every node holds the matrices, on engine `onnx`. Default: `as-stored` for a GGUF file, else `f32`. */
  readonly precision?: Precision
  /**
   * Relative speed of each node, to place more layers on faster ones, or `measured`: each node times a layer first.
   * Default: equal, since all share this machine. `[nodes]`
   */
  readonly speeds?: readonly number[] | 'measured'
  /** Modules that register acceptance rules when imported; loaded here and in every node. Paths or file URLs. */
  readonly ruleModules?: readonly string[]
  /** Measure the emulated links at start and refuse to go on when one is off. Default: true when a link is declared. */
  readonly selfCheck?: boolean
  /**
   * How hidden states travel between nodes. Only `f32` keeps the text of one process: `f16` and `int8` round at every hop, for a half
   * and a quarter of the bytes. Default `f32`.
   */
  readonly activations?: ActivationFormat
  /** Keys the noise of the links. Default 0. */
  readonly seed?: number
  /**
   * What the death of a shard process means. `fail`: the running round fails and names the node. `replace`: the process
   * is started again and the text replayed into it; the tokens stay the same, the time of that round does not.
   * Default `fail`.
   */
  readonly onNodeLoss?: 'fail' | 'replace'
  /** Ends the cluster. */
  readonly signal?: AbortSignal
  onEvent?(event: ClusterEvent): void
}

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

/**
 * Starts one shard process a node on this machine, connects them over emulated links and checks those. The processes end
 * with the cluster: when it is disposed of, when opening it fails, when the signal aborts, and when this process goes
 * away for any reason, a SIGKILL included.
 *
 * @throws DsdError: `bad-input` for a wrong option, `environment` when a node cannot start or a link is off; the signal's reason
 *   when aborted.
 */
export async function localCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  const { nodes, signal, seed = 0, onNodeLoss = 'fail', link = { latencyMs: 0 }, selfCheck = true } = options
  const { activations = 'f32' } = options
  signal?.throwIfAborted()
  if (!Number.isInteger(nodes) || nodes < 1)
    throw new DsdError(`${nodes} is not a number of nodes`, {
      kind: 'bad-input',
      where: 'cluster.nodes',
      fix: 'give 1 or more',
    })
  checkNodeCount(nodes, 'cluster.nodes')
  const given = options.layers?.length ?? nodes
  if (given !== nodes)
    throw new DsdError(`${given} layer ranges for ${nodes} nodes`, {
      kind: 'bad-input',
      where: 'cluster.layers',
      fix: 'give one range a node, head first',
    })
  const links = parseLinks(link, nodes)
  const ruleModules = (options.ruleModules ?? []).map(moduleUrl)
  for (const module of ruleModules) await importRules(module)
  const model = await openModel(options.model)
  const layers = options.layers ?? placeLayers({ layers: model.config.layers, speeds: await speedsOf(options) })
  const onEvent = (event: ClusterEvent) => options.onEvent?.(event)
  const plan = { model: options.model, layers, links, seed, activations, ruleModules, onNodeLoss, onEvent }
  const supervisor = await Supervisor.start({ ...plan, ...engineOf(options), ...(signal && { signal }) })
  const end = () => void supervisor.close()
  const close = async () => {
    signal?.removeEventListener('abort', end)
    await supervisor.close()
  }
  try {
    signal?.addEventListener('abort', end, { once: true })
    signal?.throwIfAborted()
    const isEmulated = links.some(({ latencyMs }) => latencyMs > 0)
    const linkCheck = isEmulated && selfCheck ? await supervisor.chain.checkLinks() : []
    if (linkCheck.length > 0) onEvent({ type: 'links-checked', checks: linkCheck })
    refuseWrongLinks(linkCheck)
    const target = await targetOver({ chain: supervisor.chain, model, activations, onNodeLoss })
    const tokenizer = await model.tokenizer()
    signal?.throwIfAborted()
    return clusterOver({ chain: supervisor.chain, target, tokenizer, links, linkCheck, close })
  } catch (error) {
    await close()
    signal?.throwIfAborted()
    throw error
  }
}

interface TargetParts {
  readonly chain: Chain
  readonly model: ModelSource
  readonly activations: ActivationFormat
  readonly onNodeLoss: 'fail' | 'replace'
}

async function targetOver({ chain, model, activations, onNodeLoss }: TargetParts): Promise<Target> {
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

function clusterOver({ chain, target, close, ...facts }: ClusterParts): LocalCluster {
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

async function speedsOf({ model, nodes, speeds, signal, ...rest }: LocalClusterOptions): Promise<readonly number[]> {
  if (speeds === undefined) return Array.from({ length: nodes }, () => 1)
  if (speeds === 'measured') return measureSpeeds({ model, nodes, ...engineOf(rest), ...(signal && { signal }) })
  if (speeds.length === nodes) return speeds
  throw new DsdError(`${speeds.length} speeds for ${nodes} nodes`, { kind: 'bad-input', where: 'cluster.speeds' })
}

const engineOf = ({ engine, precision }: Pick<LocalClusterOptions, 'engine' | 'precision'>) => ({
  ...(engine && { engine }),
  ...(precision && { precision }),
})
