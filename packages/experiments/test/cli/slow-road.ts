import { once } from 'node:events'
import { createServer, connect as dial, type Socket } from 'node:net'

/** A port of this machine behind which another one lies, so many milliseconds away in each direction. */
export class SlowRoad implements AsyncDisposable {
  readonly address: string
  readonly #sockets = new Set<Socket>()
  readonly #server: ReturnType<typeof createServer>

  private constructor(server: ReturnType<typeof createServer>, sockets: Set<Socket>, port: number) {
    this.#server = server
    this.#sockets = sockets
    this.address = `127.0.0.1:${port}`
  }

  static async to(port: number, delayMs: number): Promise<SlowRoad> {
    const sockets = new Set<Socket>()
    const server = createServer((near) => {
      const far = dial(port, '127.0.0.1')
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from)
        from.setNoDelay(true)
        from.on('data', (bytes) => setTimeout(() => to.destroyed || to.write(bytes), delayMs))
        from.on('close', () => setTimeout(() => to.destroy(), delayMs))
        from.on('error', () => from.destroy())
      }
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const bound = server.address()
    if (bound === null || typeof bound === 'string') throw new Error('the road has no port')
    return new SlowRoad(server, sockets, bound.port)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }
}
