import { checkNodeCount, DsdError } from '@dsd-lab/core'
import { parseLinks } from '../links/link-spec.ts'
import { openModel } from '../models/model-source.ts'
import { importRules, moduleUrl } from '../shard/rule-modules.ts'
import type { ClusterEvent } from './cluster-events.ts'
import { clusterOver, type LocalCluster } from './cluster-over.ts'
import type { LocalClusterOptions } from './local-cluster-options.ts'
import { measureSpeeds } from './measure-speeds.ts'
import { placeLayers } from './place-layers.ts'
import { Supervisor } from './supervisor.ts'

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
  return clusterOver({
    chain: supervisor.chain,
    model,
    links,
    selfCheck,
    activations,
    onNodeLoss,
    signal,
    behind: supervisor,
    onLinksChecked: (checks) => onEvent({ type: 'links-checked', checks }),
  })
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
