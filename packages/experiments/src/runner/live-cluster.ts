import { DsdError } from '@dsd-lab/core'
import {
  type ConnectClusterOptions,
  checkedKey,
  connectCluster,
  type LocalCluster,
  localCluster,
  type MeasuredLink,
} from '@dsd-lab/node-runtime'
import type { LiveDeclaration } from '../dsl/experiment.ts'
import { hostAddress, isLoopback } from '../dsl/host-address.ts'
import { linkModel } from '../plan/conditions.ts'
import type { Condition, LiveResult } from '../store/schema.ts'
import type { Setting } from './gather-facts.ts'

export interface LiveClusterRequest {
  readonly setting: Setting
  readonly condition: Condition
  /** Keys the noise of emulated links. */
  readonly seed: number
  readonly signal: AbortSignal
}

export interface LiveCluster extends AsyncDisposable {
  readonly cluster: LocalCluster
  readonly links: LiveResult['links']
  /** Present where the nodes were running already. */
  readonly over?: NonNullable<LiveResult['over']>
  /** Whether shards compute where the draft model does. */
  readonly onTheseCores: boolean
}

/**
 * The shard processes of a live cell: started on this machine, or those that the experiment names.
 *
 * @throws DsdError naming the node or the link that does not fit.
 */
export async function liveCluster(request: LiveClusterRequest): Promise<LiveCluster> {
  const { live } = request.setting.experiment
  return live?.nodes === undefined ? await startedHere(request) : await runningElsewhere(request, live, live.nodes)
}

/**
 * Nodes that are running already ask for their secret: found missing before anything is decoded.
 *
 * @throws DsdError `bad-input` when `live.nodes` is given and `$DSD_KEY` is no secret.
 */
export function requireNodeKey({ nodes }: Pick<LiveDeclaration, 'nodes'> = {}): void {
  if (nodes !== undefined) nodeKey()
}

/**
 * Asks nodes that are running already whether they fit, so that hours of decoding do not end in a wrong address.
 *
 * @throws DsdError naming the node that does not answer, has another key or model, or not the layers of one of the conditions.
 */
export async function askLiveNodes({
  setting,
  conditions,
  signal,
}: Pick<LiveClusterRequest, 'setting' | 'signal'> & { readonly conditions: readonly Condition[] }): Promise<void> {
  const { live } = setting.experiment
  if (live?.nodes === undefined) return
  const cluster = await connectCluster({ ...connectionOf(setting, live, live.nodes), signal })
  try {
    for (const condition of conditions) refuseOtherLayers(cluster, condition)
  } finally {
    await cluster[Symbol.asyncDispose]()
  }
}

function connectionOf(
  { target, ruleModules }: Setting,
  { host }: LiveDeclaration,
  nodes: readonly string[],
): ConnectClusterOptions {
  return {
    model: target.ref,
    nodes: nodes.map(addressOf),
    key: nodeKey(),
    ...(host === undefined ? {} : { host }),
    ruleModules,
  }
}

function nodeKey(): string {
  return checkedKey(process.env.DSD_KEY ?? '', { of: 'running nodes' })
}

async function startedHere({ setting, condition, seed, signal }: LiveClusterRequest): Promise<LiveCluster> {
  const { target, engine, ruleModules } = setting
  const started = localCluster({
    model: target.ref,
    nodes: condition.nodes,
    layers: condition.placement?.map(({ layers }) => layers),
    link: linkModel(condition.link),
    engine,
    ruleModules,
    seed,
    signal,
  })
  const cluster = await opening(started, FREE_THIS_MACHINE)
  return { ...held(cluster, cluster.linkCheck.map(linkRecord)), onTheseCores: true }
}

async function runningElsewhere(
  { setting, condition, seed, signal }: LiveClusterRequest,
  live: LiveDeclaration,
  nodes: readonly string[],
): Promise<LiveCluster> {
  const { links = 'emulated' } = live
  const emulated = links === 'emulated'
  const connection = connectionOf(setting, live, nodes)
  const connected = connectCluster({
    ...connection,
    ...(emulated ? { link: linkModel(condition.link), selfCheck: true } : {}),
    seed,
    signal,
  })
  const cluster = await opening(connected, FREE_THE_MACHINES)
  try {
    refuseOtherLayers(cluster, condition)
    const measured = emulated ? cluster.linkCheck.map(linkRecord) : realLinks(await cluster.measureLinks(), condition)
    const described = cluster.nodes.map(({ node, layers, engine: { name, precision } }) => ({
      address: nodes[node] ?? '',
      layers: { ...layers },
      engine: name,
      precision,
    }))
    const onTheseCores = connection.nodes.some(({ host: name }) => isLoopback(name))
    return { ...held(cluster, measured), over: { links, nodes: described }, onTheseCores }
  } catch (error) {
    await cluster[Symbol.asyncDispose]()
    throw error
  }
}

/** What the check of emulated links advises a program is not what an experiment can give. */
async function opening(cluster: Promise<LocalCluster>, fix: string): Promise<LocalCluster> {
  try {
    return await cluster
  } catch (error) {
    if (!(error instanceof DsdError) || error.kind !== 'environment' || !error.where?.startsWith('link ')) throw error
    const { message, kind, where } = error
    throw new DsdError(message, { kind, where, fix, cause: error })
  }
}

const FREE_THIS_MACHINE =
  'free the machine of other work and give the same command again: it does what is missing, this live cell'
const FREE_THE_MACHINES =
  "free the machines of other work, declare links that are slower than the real ones, or give live.links: 'real'"

function held(cluster: LocalCluster, links: LiveResult['links']): Omit<LiveCluster, 'over' | 'onTheseCores'> {
  return { cluster, links, [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose]() }
}

function addressOf(text: string): { readonly host: string; readonly port: number } {
  const address = hostAddress(text)
  if (address?.port === undefined) throw new RangeError(`${text} is no address, and was let pass`)
  return { host: address.host, port: address.port }
}

/** Nodes that were declared one by one have their layers from their speeds; others are not the cell that was asked for. */
function refuseOtherLayers({ nodes }: LocalCluster, { placement }: Condition): void {
  for (const { node, layers } of nodes) {
    const asked = placement?.[node]?.layers
    if (asked === undefined || (asked.from === layers.from && asked.to === layers.to)) continue
    throw new DsdError(
      `holds layers ${layers.from}:${layers.to}, and cluster.nodes gives it ${asked.from}:${asked.to}`,
      {
        kind: 'bad-input',
        where: `node ${node}`,
        fix: `start it with --layers ${asked.from}:${asked.to}`,
      },
    )
  }
}

type LinkRecord = LiveResult['links'][number]

function linkRecord({
  name,
  declaredMs,
  measuredMs,
  offMs,
  toleranceMs,
}: LocalCluster['linkCheck'][number]): LinkRecord {
  return { link: name, declaredMs, measuredMs, offMs, toleranceMs }
}

function realLinks(measured: readonly MeasuredLink[], { link: { latencyMs } }: Condition): LinkRecord[] {
  return measured.map(({ name, measuredMs }) => ({ link: name, declaredMs: latencyMs, measuredMs }))
}
