import { DsdError } from '../errors.ts'
import { checkCosts } from '../latency-model/check-network.ts'
import { ChainSimulation } from './chain-simulation.ts'
import type { Simulation, SimulationRequest } from './simulation.ts'

/** Most nodes of a simulated chain, more than a chain of real frames can have. */
export const MOST_SIMULATED_NODES = 512

/**
 * Discrete events: windows of several texts share the drafter, the wires and the nodes of one chain, each of which serves one at a time
 * in order of arrival. With one text at a time it takes what `replayText` takes, to the microsecond; with several it shows what no closed
 * form does: who waits for whom.
 *
 * @throws DsdError `bad-input` for costs that no chain has, no texts, more than 512 nodes, or several texts at once that draft ahead.
 */
export function simulate(request: SimulationRequest): Simulation {
  checkRequest(request)
  return new ChainSimulation(request).run()
}

function checkRequest({ chain, texts, requests = 1, draftAhead = false }: SimulationRequest): void {
  const wrong = (what: string, fix: string) => new DsdError(what, { kind: 'bad-input', where: 'simulation', fix })
  if (!(chain.nodes >= 1 && chain.nodes <= MOST_SIMULATED_NODES)) {
    throw wrong(`${chain.nodes} nodes`, `give 1 to ${MOST_SIMULATED_NODES}`)
  }
  if (texts.length === 0) throw wrong('no texts', 'give at least one')
  if (!(Number.isInteger(requests) && requests >= 1)) throw wrong(`${requests} requests at once`, 'give 1 or more')
  if (draftAhead && requests > 1) {
    throw wrong(`${requests} requests at once that draft ahead`, 'give 1, or leave out draftAhead')
  }
  checkCosts(chain)
}
