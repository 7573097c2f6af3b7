import { DsdError, type LinkModel, MOST_SIMULATED_NODES, type TimedChain } from '@dsd-lab/core'
import { Command } from 'commander'
import { advise } from '../../advice/advise.ts'
import { type Agreement, agreementOf, shippedAgreement } from '../../advice/agreement.ts'
import { computeOfRun } from '../../advice/compute-of-run.ts'
import { type MeasuredHost, measureHosts } from '../../advice/measure-hosts.ts'
import { type FoundRun, findRuns, runsFolder } from '../../store/runs-folder.ts'
import { adviceText } from '../advice-text.ts'
import { chooseRun } from '../choose-run.ts'
import { print, printJson, type Terminal } from '../terminal.ts'

interface AdviseOptions {
  readonly nodes?: string
  readonly latency?: string
  readonly jitter?: string
  readonly bandwidth?: string
  readonly loss?: string
  readonly hosts?: string
  readonly compute?: string
  readonly draft?: string
  readonly run?: string
  readonly runs?: string
  readonly json?: boolean
}

/** Of a node, where neither the command nor a run says it. */
const DECLARED_COMPUTE = { baseMs: 10, perRowMs: 0.4, draftStepMs: 1 }

export function adviseCommand(to: Terminal): Command {
  return new Command('advise')
    .description(
      'say what to choose for a network of your own: rule, window, expected speed-up, and when drafting pays at all',
    )
    .option('--nodes <count>', 'nodes that the target is cut over')
    .option('--latency <ms>', 'of a link, one way; with --hosts: of the links between the hosts')
    .option('--jitter <ms>', 'largest deviation from the latency (default: 0)')
    .option('--bandwidth <Mbit/s>', 'of a link (default: not limited)')
    .option('--loss <share>', 'share of frames that are sent twice (default: 0)')
    .option('--hosts <list>', 'hosts of the nodes, head first: name[:port],...; their round trips are measured')
    .option('--compute <base,row>', 'ms of a window on one node, and of each of its rows (default: of the run)')
    .option('--draft <ms>', 'one step of the draft model (default: of the run)')
    .option(
      '--run <run>',
      'whose recorded texts are replayed (default: the newest run that has some, else the bundled pair)',
    )
    .option('--runs <folder>', 'where runs are kept (default: $DSD_RUNS, else ./runs)')
    .option('--json', 'print as JSON')
    .action(async (options: AdviseOptions) => {
      const names = options.hosts?.split(',') ?? []
      const nodes = nodesOf(options, names)
      const hosts = names.length === 0 ? [] : await measureHosts(names)
      const links = linksOf(options, hosts)
      const { run, agreement } = await findAgreement(options, to)
      const { baseMs, perRowMs, draftStepMs } = computeOf(
        options,
        run === undefined ? undefined : computeOfRun(run.manifest, nodes),
      )
      const chain: TimedChain = {
        nodes,
        hiddenSize: agreement.hiddenSize,
        network: { links },
        compute: { baseMs, perRowMs },
        draftStepMs,
      }
      const advice = advise(agreement, chain)
      if (options.json === true) return printJson(to, { source: agreement.source, chain, hosts, ...advice })
      print(to, adviceText({ advice, agreement, chain, hosts }))
    })
}

function nodesOf({ nodes }: AdviseOptions, hosts: readonly string[]): number {
  if (nodes === undefined && hosts.length > 0) return hosts.length
  if (nodes === undefined) throw badInput('--nodes', 'is missing', 'give --nodes 6 --latency 40, or --hosts a,b,c')
  const count = numberOf('--nodes', nodes, { min: 1, max: MOST_SIMULATED_NODES })
  if (!Number.isInteger(count))
    throw badInput('--nodes', `${nodes} is not a whole number`, `give 1 to ${MOST_SIMULATED_NODES}`)
  if (hosts.length > 0 && count !== hosts.length) {
    throw badInput('--nodes', `${count} nodes, and ${hosts.length} hosts`, 'leave --nodes out, or name as many hosts')
  }
  return count
}

/** Between two hosts one way is at most half of both round trips from here; that is taken where --latency does not say better. */
function linksOf(
  { latency, jitter, bandwidth, loss }: AdviseOptions,
  hosts: readonly MeasuredHost[],
): TimedChain['network']['links'] {
  if (latency === undefined && hosts.length === 0) {
    throw badInput('--latency', 'is missing', 'give one way of a link in ms, or --hosts a,b,c')
  }
  const given = latency === undefined ? undefined : numberOf('--latency', latency, { min: 0, max: 60_000 })
  const jitterMs = numberOf('--jitter', jitter ?? '0', { min: 0, max: 60_000 })
  const lossShare = numberOf('--loss', loss ?? '0', { min: 0, max: 0.5 })
  const bandwidthMbps =
    bandwidth === undefined ? undefined : numberOf('--bandwidth', bandwidth, { min: 0.001, max: 1e6 })
  const linkOf = (latencyMs: number): LinkModel => ({
    latencyMs,
    jitterMs: Math.min(jitterMs, latencyMs),
    loss: lossShare,
    ...(bandwidthMbps === undefined ? {} : { bandwidthMbps }),
  })
  if (hosts.length === 0 && given !== undefined) {
    if (jitterMs > given) throw badInput('--jitter', `${jitterMs} is above the latency`, `give 0 to ${given}`)
    return linkOf(given)
  }
  const trips = hosts.map(({ roundTripMs }) => roundTripMs)
  const between = trips.slice(1).map((trip, place) => given ?? (trip + (trips[place] ?? trip)) / 2)
  return [linkOf((trips[0] ?? 0) / 2), ...between.map(linkOf), linkOf((trips.at(-1) ?? 0) / 2)]
}

async function findAgreement(
  { run: name, runs }: AdviseOptions,
  to: Terminal,
): Promise<{ readonly run?: FoundRun; readonly agreement: Agreement }> {
  const home = runsFolder(runs)
  if (name !== undefined) {
    const run = await chooseRun({ name, runs, to })
    return { run, agreement: await agreementOf(run) }
  }
  for (const run of await findRuns(home)) {
    const agreement = await agreementOf(run).catch((error: unknown) => {
      if (error instanceof DsdError && error.kind === 'bad-input') return undefined
      throw error
    })
    if (agreement !== undefined) return { run, agreement }
  }
  return { agreement: shippedAgreement() }
}

function computeOf({ compute, draft }: AdviseOptions, known: typeof DECLARED_COMPUTE = DECLARED_COMPUTE) {
  const draftStepMs = draft === undefined ? undefined : numberOf('--draft', draft, { min: 0, max: 60_000 })
  if (compute === undefined) return { ...known, draftStepMs: draftStepMs ?? known.draftStepMs }
  const parts = compute.split(',')
  const [base, row] = parts
  if (parts.length !== 2 || base === undefined || row === undefined) {
    throw badInput('--compute', `${compute} is not two numbers`, 'give ms of a window and of a row, e.g. 10,0.4')
  }
  const baseMs = numberOf('--compute', base, { min: 0, max: 60_000 })
  const perRowMs = numberOf('--compute', row, { min: 0, max: 60_000 })
  return { baseMs, perRowMs, draftStepMs: draftStepMs ?? baseMs / 10 }
}

function numberOf(option: string, text: string, { min, max }: { readonly min: number; readonly max: number }): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value >= min && value <= max) return value
  throw badInput(option, `${JSON.stringify(text)} is not a number from ${min} to ${max}`, 'see exp advise --help')
}

function badInput(where: string, what: string, fix: string): DsdError {
  return new DsdError(what, { kind: 'bad-input', where, fix })
}
