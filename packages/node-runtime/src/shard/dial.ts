import { WebSocket } from 'ws'
import {
  type ConnectionRole,
  HANDSHAKE_VERSION,
  type Message,
  protocolError,
  readMessage,
  type ShardIdentity,
} from './messages.ts'

const CONNECT_TIMEOUT_MS = 5000

export interface DialOptions {
  /** `ws://host:port` */
  readonly url: string
  readonly role: ConnectionRole
  /** Secret of the cluster. */
  readonly key: string
  /** Largest frame that the other side may send. */
  readonly maxFrameBytes: number
}

export interface Dialled {
  readonly socket: WebSocket
  /** What the other side says about itself; null when it is the coordinator. */
  readonly shard: ShardIdentity | null
}

/**
 * Calls a listener and shakes hands. The other side sends nothing unasked until it gets a first message.
 *
 * @throws DsdError `protocol` naming the address when nobody answers or the call is refused.
 */
export function dial({ url, role, key, maxFrameBytes }: DialOptions): Promise<Dialled> {
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    handshakeTimeout: CONNECT_TIMEOUT_MS,
    // A zero mask is skipped by ws: masking copies every frame and guards proxies against pages, which cannot call here.
    generateMask: () => {},
  })
  return new Promise((connected, failed) => {
    const give = (reason: string) => {
      clearTimeout(late)
      socket.terminate()
      failed(protocolError(url, `no ${role} connection (${reason})`, 'check that the node runs and is reachable'))
    }
    const late = setTimeout(() => give('no answer in time'), CONNECT_TIMEOUT_MS)
    socket.on('error', (error) => give(error.message))
    socket.once('close', (code) => give(`closed with code ${code}`))
    socket.once('open', () => {
      const hello: Message = { type: 'hello', version: HANDSHAKE_VERSION, role, key }
      socket.send(JSON.stringify(hello))
    })
    socket.once('message', (data, isBinary) => {
      const answer = isBinary ? undefined : readMessage(String(data))
      if (answer?.type === 'refused') return give(`refused: ${answer.reason}`)
      if (answer?.type !== 'welcome') return give('the answer is not a welcome')
      if (answer.version !== HANDSHAKE_VERSION) return give(`version ${answer.version} of the hand-shake`)
      clearTimeout(late)
      socket.removeAllListeners('close')
      connected({ socket, shard: answer.shard })
    })
  })
}
