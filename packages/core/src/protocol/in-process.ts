import type { SessionRequest, Target, TargetInfo, TargetSession } from '../decoding/target.ts'
import { DsdError } from '../errors.ts'
import { checkCosts } from '../latency-model/check-network.ts'
import { type ComputeModel, instantCompute } from '../latency-model/compute.ts'
import { instantNetwork, type NetworkModel } from '../latency-model/network.ts'
import type { TokenId } from '../tokens.ts'
import type { RuleResolver } from '../verification/rule.ts'
import { checkRequest } from './check-request.ts'
import { CoordinatorMachine } from './coordinator-machine.ts'
import { CoordinatorSession } from './coordinator-session.ts'
import type { ActivationFormat } from './frames/activations.ts'
import { DEFAULT_MAX_ROWS } from './frames/limits.ts'
import { checkNodeCount } from './most-nodes.ts'
import { encodeOpen } from './open-request.ts'
import { Shard } from './shard.ts'
import type { ShardCompute } from './shard-compute.ts'
import { VirtualChain } from './virtual-chain.ts'

export interface InProcessTargetOptions {
  readonly name: string
  /** The target cut by layers, head first. `[nodes]` */
  readonly shards: readonly ShardCompute[]
  readonly resolveRule: RuleResolver
  /** Class of each token id, for rules that score importance. `[vocab]` */
  readonly tokenClasses?: Uint8Array
  /** End-of-text tokens. */
  readonly eos: readonly TokenId[]
  /** Default: links without delay. */
  readonly network?: NetworkModel
  /** Default: computing costs nothing on the virtual clock. */
  readonly compute?: ComputeModel
  /** Virtual milliseconds of one draft-model step. Default 0. */
  readonly draftStepMs?: number
  /** Bound into the digest chain. Default: the name. */
  readonly modelDigest?: string
  /** Largest number of rows in one window. Default 1024. */
  readonly maxRows?: number
  /** How hidden states travel between nodes. Default `f32`. */
  readonly activations?: ActivationFormat
}

/**
 * A target whose shards run in this process: the machines and frames of a real cluster, delivered on a virtual clock. The
 * engines decide the tokens, the cost models the times; without cost models it is the quickest way to the tokens. Disposing of it closes
 * its texts and leaves the shards open, which may serve several targets: they are the caller's to dispose of.
 *
 * @throws DsdError `bad-input` when the shards do not make one chain from embedding to LM head, or a cost is impossible.
 */
export function inProcessTarget(options: InProcessTargetOptions): Target {
  return new InProcessTarget(options)
}

class InProcessTarget implements Target {
  readonly info: TargetInfo
  readonly virtualDraftStepMs: number
  readonly resolveRule: RuleResolver
  readonly #options: InProcessTargetOptions
  readonly #sessions = new Set<TargetSession>()
  #engines = Promise.resolve()
  #opened = 0

  constructor(options: InProcessTargetOptions) {
    const { name, shards, eos, draftStepMs = 0, resolveRule } = options
    const { network = instantNetwork, compute = instantCompute } = options
    const [head] = shards
    if (head === undefined)
      throw new DsdError('no shards', { kind: 'bad-input', where: name, fix: 'give at least one' })
    checkNodeCount(shards.length, name)
    checkCosts({ network, compute, nodes: shards.length })
    this.#options = options
    this.virtualDraftStepMs = draftStepMs
    this.resolveRule = resolveRule
    const maxLength = Math.min(...shards.map((shard) => shard.maxLength))
    this.info = { name, vocabSize: head.vocabSize, nodes: shards.length, maxLength, eos }
    this.#makeShards()
  }

  async open(request: SessionRequest): Promise<TargetSession> {
    checkRequest(request, this.info)
    const { name, nodes, vocabSize, maxLength } = this.info
    const { modelDigest = name, maxRows = DEFAULT_MAX_ROWS, shards } = this.#options
    const { network = instantNetwork, compute = instantCompute } = this.#options
    const hiddenSize = shards[0]?.hiddenSize ?? 0
    const chain = new VirtualChain({
      network,
      compute,
      shards: this.#makeShards(),
      sequence: request.sequence,
      limits: { maxRows, maxLength, vocabSize, hiddenSize },
      exclusive: (run) => this.#exclusive(run),
    })
    const machine = new CoordinatorMachine({
      gen: 0,
      session: this.#opened++,
      term: 1,
      nodes,
      open: encodeOpen(request, modelDigest),
      ids: request.prompt,
      eos: request.eos,
      maxRows,
    })
    const port = chain.portFor(machine, () => this.#sessions.delete(session))
    const nodeName = (node: number) => `node ${node}`
    const width = { hiddenSize, activations: this.#options.activations }
    const session = new CoordinatorSession({ machine, port, request, nodes, ...width, vocabSize, nodeName })
    chain.attach(session)
    this.#sessions.add(session)
    return session
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.close()))
  }

  /** Texts decoded at once share the engines, which compute one window at a time. */
  #exclusive<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#engines.then(run)
    this.#engines = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }

  #makeShards(): Shard[] {
    const { shards, resolveRule, tokenClasses, maxRows = DEFAULT_MAX_ROWS, activations } = this.#options
    const shared = {
      nodes: shards.length,
      gen: 0,
      boot: 0,
      resolveRule,
      maxRows,
      ...(tokenClasses && { tokenClasses }),
      ...(activations && { activations }),
    }
    return shards.map((compute, node) => new Shard({ ...shared, compute, node }))
  }
}
