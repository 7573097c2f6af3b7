import type { ActivationFormat, LinkModel } from '@dsd-lab/core'
import type { Assignment, Endpoint } from '../shard/messages.ts'
import { controlLink } from './chain-plan.ts'

export interface AssignmentPlan {
  readonly gen: number
  readonly seed: number
  readonly activations: ActivationFormat
  /** Coordinator to head, head to next, ..., tail to coordinator. `[nodes + 1]` */
  readonly links: readonly LinkModel[]
  /** `ws://host:port` of each node as it runs now. `[nodes]` */
  readonly urls: readonly string[]
  /** Of the coordinator's verdict listener. */
  readonly verdictUrl: string | null
}

/** What a node is told: whom it sends windows to, and how frames for the coordinator go back. */
export function assignmentOf(node: number, plan: AssignmentPlan): Omit<Assignment, 'id'> {
  const { gen, seed, activations, links, urls, verdictUrl } = plan
  const nodes = urls.length
  const nextUrl = urls[node + 1]
  const isTail = nextUrl === undefined
  const coordinator: Endpoint = {
    url: isTail ? verdictUrl : null,
    link: (isTail ? links[nodes] : undefined) ?? controlLink(links, node),
    place: isTail ? nodes : 2 * nodes + 1 + node,
  }
  const forward = links[node + 1]
  const next = isTail || forward === undefined ? null : { url: nextUrl, link: forward, place: node + 1 }
  return { type: 'assign', gen, seed, activations, next, coordinator }
}
