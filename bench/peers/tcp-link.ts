import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { LinkModel } from '@dsd-lab/core'
import { EmulatedLink } from '../../packages/node-runtime/src/links/emulated-link.ts'
import { ReleaseSchedule } from '../../packages/node-runtime/src/links/release-schedule.ts'

/** Bytes on the way at which a sender has to wait: more than any link of these benchmarks holds. */
const MOST_ON_THE_WAY = 2 ** 26

export interface TcpLink extends AsyncDisposable {
  /** On 127.0.0.1; leads to the port behind the link. */
  readonly port: number
}

/** A distance between a program and a TCP server on this machine: bytes are held back both ways, by the equation of our own links. */
export async function tcpLink(link: LinkModel, toPort: number, schedule = new ReleaseSchedule()): Promise<TcpLink> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: '127.0.0.1', port: toPort, noDelay: true })
    for (const [place, [from, to]] of [[near, far] as const, [far, near] as const].entries()) {
      sockets.add(from)
      carry(from, to, new EmulatedLink({ spec: link, seed: 0, place, schedule }))
      from.once('close', () => sockets.delete(from))
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: portOf(server.address()),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function carry(from: Socket, to: Socket, link: EmulatedLink): void {
  let onTheWay = 0
  from.on('data', (bytes: Buffer) => {
    onTheWay += bytes.byteLength
    if (onTheWay > MOST_ON_THE_WAY) from.pause()
    link.send(bytes.byteLength, () => {
      const arrived = (): void => {
        onTheWay -= bytes.byteLength
        if (onTheWay <= MOST_ON_THE_WAY) from.resume()
      }
      if (to.destroyed) arrived()
      else to.write(bytes, arrived)
    })
  })
  from.on('end', () => link.send(0, () => to.end()))
  from.on('error', () => to.destroy())
}

export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}
