import { createHash, timingSafeEqual } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { DsdError } from '@dsd-lab/core'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { type ConnectionRole, HANDSHAKE_VERSION, type Message, readMessage, type ShardIdentity } from './messages.ts'
import { socketUrl } from './socket-url.ts'

const HELLO_TIMEOUT_MS = 5000
/** A stranger cannot make a node hold more: a hello is a few hundred bytes, and its caller waits for the answer. */
const MOST_HELLO_BYTES = 4096
/** How long a refused caller may take to read why. */
const REFUSED_MS = 1000
/** Close code of a refused hand-shake (4000 to 4999 are the application's). */
const REFUSED = 4001

export interface ListenerOptions {
  /** Interface to listen on. Anything but loopback must be the user's own wish. */
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Secret that callers must present. */
  readonly key: string
  readonly maxFrameBytes: number
  readonly roles: readonly ConnectionRole[]
  /** What callers are told; null on the coordinator. */
  readonly identity: ShardIdentity | null
  /** A caller that has shaken hands; attach its handlers before returning. */
  onConnection(socket: WebSocket, role: ConnectionRole): void
}

export interface Listener {
  readonly url: string
  readonly port: number
  /** Callers turned away: no or a wrong hand-shake. */
  readonly refused: number
  /** Ends all connections. */
  close(): Promise<void>
}

/**
 * Listens for connections of the cluster. A caller says hello with the cluster's key, the version and its role, and is
 * welcomed or refused with a reason; web pages (callers with an Origin) are refused at the upgrade.
 *
 * @throws DsdError `environment` when the port is in use or may not be opened.
 */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const server = new WebSocketServer({
    host: options.host,
    port: options.port,
    maxPayload: options.maxFrameBytes,
    perMessageDeflate: false,
    verifyClient: ({ origin }: { origin?: string }) => origin === undefined,
  })
  await new Promise<void>((opened, failed) => {
    server.once('listening', opened)
    server.once('error', (error) => failed(cannotListen(error, options)))
  })
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : options.port
  let refused = 0
  server.on('connection', (socket, { socket: stream }) => {
    shakeHands({
      socket,
      stream,
      options,
      countRefused: () => {
        refused += 1
      },
    })
  })
  return {
    url: socketUrl({ host: options.host, port }),
    port,
    get refused() {
      return refused
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        for (const socket of server.clients) socket.terminate()
      }),
  }
}

interface HandShake {
  readonly socket: WebSocket
  /** What the socket reads from: ws has one limit for all messages of a server. */
  readonly stream: Duplex
  readonly options: ListenerOptions
  countRefused(): void
}

function shakeHands({ socket, stream, options, countRefused }: HandShake): void {
  const send = (message: Message) => socket.send(JSON.stringify(message))
  const refuse = (reason: string) => {
    over()
    countRefused()
    send({ type: 'refused', reason })
    socket.close(REFUSED, reason)
    const end = setTimeout(() => socket.terminate(), REFUSED_MS)
    socket.once('close', () => clearTimeout(end))
  }
  let bytes = 0
  const count = (chunk: Buffer) => {
    bytes += chunk.byteLength
    if (bytes <= MOST_HELLO_BYTES) return
    refuse(`more than ${MOST_HELLO_BYTES} bytes before a hello`)
    socket.terminate()
  }
  const over = () => {
    clearTimeout(late)
    stream.off('data', count)
    socket.off('message', answer)
  }
  const late = setTimeout(() => refuse('no hello'), HELLO_TIMEOUT_MS)
  // Without a listener an error would be thrown; ws itself closes the connection with the fitting code.
  socket.on('error', () => {})
  socket.once('close', over)
  const answer = (data: RawData, isBinary: boolean) => {
    over()
    const hello = isBinary ? undefined : readMessage(String(data))
    if (hello?.type !== 'hello') return refuse('the first message is not a hello')
    if (hello.version !== HANDSHAKE_VERSION)
      return refuse(`version ${hello.version} of the hand-shake; this node speaks ${HANDSHAKE_VERSION}`)
    if (!sameSecret(hello.key, options.key)) return refuse('wrong key')
    if (!options.roles.includes(hello.role)) return refuse(`no ${hello.role} connections here`)
    options.onConnection(socket, hello.role)
    send({ type: 'welcome', version: HANDSHAKE_VERSION, shard: options.identity })
  }
  socket.once('message', answer)
  stream.on('data', count)
}

function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

function cannotListen(error: Error, { host, port }: ListenerOptions): DsdError {
  const code = 'code' in error ? error.code : undefined
  const where = `${host}:${port}`
  if (code === 'EADDRINUSE')
    return new DsdError(`port ${port} is in use`, {
      kind: 'environment',
      where,
      fix: 'choose another port, or 0 for any free one',
      cause: error,
    })
  return new DsdError(`cannot listen (${String(code ?? error.message)})`, {
    kind: 'environment',
    where,
    fix: 'choose an address of this machine and a port that you may open',
    cause: error,
  })
}
