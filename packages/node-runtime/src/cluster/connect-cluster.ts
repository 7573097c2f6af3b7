import { randomInt } from 'node:crypto'
import { type ActivationFormat, checkNodeCount, DsdError } from '@dsd-lab/core'
import { parseLinks } from '../links/link-spec.ts'
import type { LinkChoice } from '../links/profiles.ts'
import { type ModelSource, openModel } from '../models/model-source.ts'
import { checkedKey } from '../shard/checked-key.ts'
import { protocolError } from '../shard/messages.ts'
import { importRules, moduleUrl } from '../shard/rule-modules.ts'
import { socketUrl } from '../shard/socket-url.ts'
import { Chain } from './chain.ts'
import { clusterOver, type LocalCluster } from './cluster-over.ts'

/** Where a `dsd-node` that is already running listens. */
export interface NodeAddress {
  /** Name or address, as this machine and the node before it reach it. */
  readonly host: string
  readonly port: number
}

export interface ConnectClusterOptions {
  /** The model that the nodes hold; tokenizer and shapes are read here, weights are not. */
  readonly model: string
  /** Head first; together they hold all layers. `[nodes]` */
  readonly nodes: readonly NodeAddress[]
  /** The `DSD_KEY` that every node was started with. */
  readonly key: string
  /** Interface of this machine where the tail brings its verdicts, as the tail reaches it. Default 127.0.0.1. */
  readonly host?: string
  /**
   * Emulated on top of the real network: a profile, numbers, or one of them for each link, return link last `[nodes + 1]`. Default: none.
   */
  readonly link?: LinkChoice | readonly LinkChoice[]
  /** Modules that register acceptance rules, loaded here; every node takes its own with `--rules`. Paths or file URLs. */
  readonly ruleModules?: readonly string[]
  /** Measure the emulated links at start and refuse to go on when one is off. Default: false, for the real network comes on top. */
  readonly selfCheck?: boolean
  /** How hidden states travel between nodes; only `f32` keeps the text of one process. Default `f32`. */
  readonly activations?: ActivationFormat
  /** Keys the noise of the emulated links. Default 0. */
  readonly seed?: number
  /** Ends the connections. */
  readonly signal?: AbortSignal
}

/**
 * A cluster of nodes that somebody else started. Disposing of it ends the connections; the nodes free their texts and wait for another
 * coordinator. A node that is lost fails the round: nothing here can start it again.
 *
 * @throws DsdError: `bad-input` for a wrong option; `protocol` naming the node that does not answer, has another key, or does not fit
 *   the others or the model; the signal's reason when aborted.
 */
export async function connectCluster(options: ConnectClusterOptions): Promise<LocalCluster> {
  const { nodes, link = { latencyMs: 0 }, selfCheck = false, activations = 'f32', seed = 0, host, signal } = options
  signal?.throwIfAborted()
  checkNodeCount(nodes.length, 'cluster.nodes')
  const key = checkedKey(options.key, { of: 'running nodes' })
  const links = parseLinks(link, nodes.length)
  for (const module of options.ruleModules ?? []) await importRules(moduleUrl(module))
  const model = await openModel(options.model)
  // A node may be lost while the others are still being connected.
  const gone: number[] = []
  let opened: Chain | undefined
  const chain = await Chain.open({
    urls: nodes.map(urlOf),
    links,
    key,
    // Another than that of a coordinator that was here before, whose texts are none of ours.
    gen: randomInt(1, 2 ** 31),
    seed,
    activations,
    ...(host === undefined ? {} : { host }),
    ...(signal && { signal }),
    onNodeEnd: (node) => {
      gone.push(node)
      opened?.lose(lost(node))
    },
  })
  opened = chain
  return clusterOver({
    chain,
    model,
    links,
    selfCheck,
    activations,
    onNodeLoss: 'fail',
    signal,
    behind: chain,
    async checkNodes() {
      requirePresent(gone)
      await requireModel(chain, model)
    },
  })
}

function urlOf({ host, port }: NodeAddress, node: number): string {
  if (host !== '' && Number.isInteger(port) && port >= 1 && port <= 65_535) {
    return socketUrl({ host, port })
  }
  throw new DsdError(`${JSON.stringify({ host, port })} is no address`, {
    kind: 'bad-input',
    where: `cluster.nodes[${node}]`,
    fix: 'give { host, port } as the node printed them',
  })
}

function requirePresent([first]: readonly number[]): void {
  if (first !== undefined) throw lost(first)
}

/** The nodes fit each other; whether they fit what is asked for is another question. */
async function requireModel({ identities: [head] }: Chain, model: ModelSource): Promise<void> {
  if (head === undefined || head.modelDigest === (await model.digest())) return
  throw protocolError(
    'node 0',
    `holds another model than ${model.ref}`,
    'name the model that the nodes were started with',
  )
}

function lost(node: number): DsdError {
  return new DsdError('the connection to the node ended', {
    kind: 'environment',
    where: `node ${node}`,
    fix: 'look at that node, and connect again',
  })
}
