import type { LinkEnd } from '@dsd-lab/core'
import type { WebSocket } from 'ws'
import { ReleaseSchedule } from '../links/release-schedule.ts'
import { FrameLink } from './frame-link.ts'
import type { Assignment, ConnectionRole, Endpoint } from './messages.ts'
import { RedialledSocket } from './redialled-socket.ts'

export interface OutgoingLinksOptions {
  readonly assignment: Assignment
  /** The coordinator's connection: the way back for every node but the tail. */
  readonly control: WebSocket
  readonly key: string
  readonly maxFrameBytes: number
}

/** The links that a node sends on: to its successor, and to the coordinator. */
export interface OutgoingLinks {
  /** Undefined only for `next` at the tail. */
  to(end: LinkEnd): FrameLink | undefined
  readonly dropped: number
  close(): void
}

/**
 * Dials the successor, and from the tail the verdict listener of the coordinator.
 *
 * @throws DsdError `protocol` naming the address that does not answer.
 */
export async function openOutgoingLinks(options: OutgoingLinksOptions): Promise<OutgoingLinks> {
  const { assignment, control, key, maxFrameBytes } = options
  const schedule = new ReleaseSchedule()
  const dialled: RedialledSocket[] = []
  const links: FrameLink[] = []

  async function open(endpoint: Endpoint, role: ConnectionRole): Promise<FrameLink> {
    let socket: () => WebSocket | undefined = () => control
    if (endpoint.url !== null) {
      const connection = new RedialledSocket({ url: endpoint.url, role, key, maxFrameBytes })
      dialled.push(connection)
      await connection.open()
      socket = () => connection.current
    }
    const { link: spec, place, url } = endpoint
    const link = new FrameLink({ name: url ?? 'coordinator', spec, seed: assignment.seed, place, schedule, socket })
    links.push(link)
    if (url !== null && spec.latencyMs > 0) await link.calibrate()
    return link
  }

  function close(): void {
    for (const link of links) link.close()
    for (const connection of dialled) connection.close()
  }

  try {
    const [next, coordinator] = await Promise.all([
      assignment.next === null ? undefined : open(assignment.next, 'data'),
      open(assignment.coordinator, 'verdict'),
    ])
    return {
      to: (end) => (end === 'next' ? next : coordinator),
      get dropped() {
        return links.reduce((sum, link) => sum + link.dropped, 0)
      },
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}
