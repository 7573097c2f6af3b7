import { type Listener, listen } from '../shard/listener.ts'

export interface VerdictListenerOptions {
  /** Interface that the tail can reach. */
  readonly host: string
  /** Secret of the cluster. */
  readonly key: string
  /** Largest frame that the tail may send. */
  readonly maxFrameBytes: number
  onFrame(frame: Uint8Array): void
}

/**
 * Where the tail brings its verdicts, on any free port.
 *
 * @throws DsdError `environment` when no port can be opened.
 */
export function listenForVerdicts({ onFrame, ...options }: VerdictListenerOptions): Promise<Listener> {
  return listen({
    ...options,
    port: 0,
    roles: ['verdict'],
    identity: null,
    onConnection: (socket) => {
      socket.on('message', (data, isBinary) => {
        if (isBinary && Buffer.isBuffer(data)) onFrame(data)
      })
    },
  })
}
